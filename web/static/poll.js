// A page that shows how something stands asks for it again, and is asked for anew when that has changed.
"use strict";

const EVERY_MILLISECONDS = 2000;
const { here, poll, word } = document.querySelector("[data-poll]").dataset;
history.replaceState(null, "", here); // the answer to a form, too: asking for it anew sends nothing again
setInterval(async () => {
  const answer = await fetch(poll).catch(() => null);
  if (answer?.redirected) return location.reload(); // signed out meanwhile
  if (answer?.ok && (await answer.text()) !== word) location.reload();
}, EVERY_MILLISECONDS);
