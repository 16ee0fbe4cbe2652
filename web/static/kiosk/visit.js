// A visit ends with the card, or when nobody touches the screen; whatever was shown is gone before the next page is there.
"use strict";

const { idleSeconds, warningSeconds, withoutCard } = document.body.dataset;
const isVisit = "visit" in document.body.dataset;
const KEEP_MILLISECONDS = 5000;
const HOME_MILLISECONDS = 10000;
const atHome = location.pathname === "/kiosk";
const hasLeft = location.pathname === "/kiosk/left";

let going = false;
const goTo = (path) => {
  if (going) return;
  going = true;
  document.body.replaceChildren();
  location.replace(path);
};

// The answer to a form is no page to come back to: a reload asks for the page again, and sends nothing.
history.replaceState(null, "", location.href);
addEventListener("pageshow", (event) => { if (event.persisted) goTo(location.href); });

// The server keeps the visit as long as the screen is touched, and the card in the reader is the one that it began with.
let card = "", keptAt = Date.now();
const keep = async () => {
  keptAt = Date.now();
  const body = new URLSearchParams({ card_number: card });
  const answer = await fetch("/kiosk/keep", { method: "POST", body }).catch(() => null);
  if (answer?.status !== 204) goTo(answer?.redirected ? answer.url : "/kiosk/left?why=ended");
};

// Somebody's own pages are there while their card is in, and no longer.
document.addEventListener("reader", ({ detail: { state, number } }) => {
  const hadCard = card !== "";
  card = number;
  if (isVisit && state === "away") goTo("/kiosk/left?why=reader");
  else if (!card && (isVisit || hadCard)) goTo(withoutCard);
  else if (isVisit) keep();
  for (const field of document.querySelectorAll("input[name=card_number]")) field.value = card;
  for (const entry of document.querySelectorAll("[data-needs-card] .entry")) {
    entry.inert = !card;
    if (card) entry.querySelector("input").focus();
  }
});

// Touching the screen keeps the visit in the browser too; asking first, it ends for want of it.
let usedAt = Date.now();
const warning = document.getElementById("idle-warning");
const used = () => {
  usedAt = Date.now();
  if (warning.open) warning.close();
};
for (const touch of ["pointerdown", "keydown", "scroll"]) {
  addEventListener(touch, () => { if (!warning.open) used(); }, { capture: true, passive: true });
}
document.getElementById("idle-stay").addEventListener("click", used);
document.getElementById("idle-leave").addEventListener("click", () => goTo("/kiosk/left?why=asked"));
warning.addEventListener("cancel", (event) => event.preventDefault());

// The clock is asked, because timers stand still while a machine sleeps.
const watch = () => {
  if (isVisit && card && usedAt > keptAt && Date.now() - keptAt > KEEP_MILLISECONDS) keep();
  const left = Number(idleSeconds) + Number(warningSeconds) - (Date.now() - usedAt) / 1000;
  if (left <= 0) return goTo("/kiosk/left?why=idle");
  if (left <= warningSeconds && !warning.open) warning.showModal();
  warning.querySelector(".countdown").textContent = Math.ceil(left);
};
const goHome = () => { if (!card && Date.now() - usedAt > HOME_MILLISECONDS) goTo("/kiosk"); };
if (!atHome) setInterval(hasLeft ? goHome : watch, 250);

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
