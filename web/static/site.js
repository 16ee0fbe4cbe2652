// What a page gains with JavaScript. Everything works without it.
"use strict";

// A double click sends a form once. (A disabled button would take its own value out of what is sent.)
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// A page of one's own that comes back by the Back button is asked for again: somebody may have signed out since.
addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[method=post]")) delete form.dataset.sent;
  if (event.persisted && document.body.dataset.idleSeconds) location.reload();
});

document.getElementById("error-summary")?.focus();

// An address that ends in a question's name opens its answer.
const openAnswer = () => {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named && named.tagName === "DETAILS") named.open = true;
};
openAnswer();
addEventListener("hashchange", openAnswer);

// A table needs the keyboard only where there is more of it to the side.
const letScroll = () => {
  for (const box of document.querySelectorAll(".table-box")) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
};
letScroll();
addEventListener("resize", letScroll);

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A minute before the visit ends, for want of use or at its longest, say so; then leave.
const { idleSeconds, leftSeconds, leaveAt, keepAt } = document.body.dataset;
if (idleSeconds) {
  const WARNING_SECONDS = Math.min(60, idleSeconds / 2);
  const warning = document.getElementById("idle-warning");
  const tabs = window.BroadcastChannel ? new BroadcastChannel(leaveAt) : null;
  const endsAt = Date.now() + leftSeconds * 1000;
  let idleAt, endTold = false;
  const leave = (why) => location.replace(leaveAt + "?why=" + why);
  const used = () => {
    idleAt = Date.now() + idleSeconds * 1000;
    if (warning.open) warning.close();
  };
  used();
  // What is used in one tab is used in all.
  tabs?.postMessage("used");
  tabs?.addEventListener("message", used);
  // The clock is asked, because timers stand still while a machine sleeps.
  setInterval(() => {
    const last = endsAt < idleAt;
    const left = (last ? endsAt : idleAt) - Date.now();
    if (left <= 0) leave(last ? "ended" : "idle");
    else if (left <= WARNING_SECONDS * 1000 && !warning.open && !(last && endTold)) {
      endTold = last;
      document.getElementById("idle-text").hidden = last;
      document.getElementById("end-text").hidden = !last;
      warning.setAttribute("aria-describedby", last ? "end-text" : "idle-text"); // what is hidden would be read out too
      warning.showModal();
    }
  }, 1000);
  document.getElementById("idle-stay").addEventListener("click", async () => {
    const answer = await fetch(keepAt, { method: "POST", redirect: "manual" }).catch(() => null);
    if (answer?.status !== 204) return leave("idle");
    used();
    tabs?.postMessage("used");
  });
  // Escape closes no warning unanswered.
  warning.addEventListener("cancel", (event) => event.preventDefault());
}
