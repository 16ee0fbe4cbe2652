// The results of a search change as one types. Without JavaScript the form is sent.
"use strict";

const PAUSE_MILLISECONDS = 300;
const form = document.querySelector("form[data-results]");
const tabs = window.BroadcastChannel ? new BroadcastChannel(document.body.dataset.leaveAt ?? "visit") : null;
let timer, asking;

const search = async () => {
  asking?.abort();
  asking = new AbortController();
  const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  const address = form.action + (chosen.size ? "?" + chosen : "");
  const told = await fetch(address, { signal: asking.signal })
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
  if (told === null) return; // the button still asks, and shows what is wrong
  const page = new DOMParser().parseFromString(told, "text/html");
  const found = page.getElementById(form.dataset.results);
  if (!found) return;
  // What is announced keeps its element, or a screen reader does not notice that it changed.
  const results = document.getElementById(form.dataset.results);
  const [heading, newHeading] = [results, found].map((each) => each.querySelector("[aria-live]"));
  heading.textContent = newHeading.textContent;
  newHeading.remove();
  results.replaceChildren(heading, ...found.childNodes);
  history.replaceState(null, "", address);
  document.title = page.title;
  tabs?.postMessage("used"); // typing is use: see site.js
  dispatchEvent(new Event("resize")); // a new table may need the keyboard to scroll
};

const searchSoon = (event) => {
  clearTimeout(timer);
  // Pinyin that is still being turned into characters is not what is looked for.
  if (!event.isComposing) timer = setTimeout(search, event.type === "change" ? 0 : PAUSE_MILLISECONDS);
};
form.addEventListener("input", searchSoon);
form.addEventListener("compositionend", searchSoon);
form.querySelector("select").addEventListener("change", searchSoon);
form.addEventListener("submit", () => { clearTimeout(timer); asking?.abort(); });
