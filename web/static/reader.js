// The card reader of this machine (python -m web.reader), asked over a WebSocket. Whatever it tells comes to the page as
// an event "reader": { state: away | empty | unreadable | in, number }. An element with data-away, data-empty,
// data-unreadable and data-in says it in the page's own words.
"use strict";

const RETRY_MILLISECONDS = 2000;
const SILENCE_MILLISECONDS = 5000;

const askReader = (() => {
  let socket, state, ready = false;

  const tell = (now, number = "") => {
    state = now;
    document.body.dataset.reader = state;
    for (const told of document.querySelectorAll("[data-away][data-in]")) {
      if (told.textContent !== told.dataset[state]) told.textContent = told.dataset[state];
    }
    document.dispatchEvent(new CustomEvent("reader", { detail: { state, number } }));
  };

  // What a reader that is not there says of a card is nothing; one that was plugged in again has none until it says so.
  const told = {
    reader: (reader) => {
      ready = reader.ready;
      if (!ready) tell("away");
      else if (state === "away") tell("empty");
    },
    "card-in": ({ number }) => { if (ready) tell("in", number); },
    "card-unreadable": () => { if (ready) tell("unreadable"); },
    "card-out": () => { if (ready) tell("empty"); },
    tray: ({ cards }) => document.dispatchEvent(new CustomEvent("tray", { detail: cards })),
  };

  const connect = () => {
    socket = new WebSocket(document.body.dataset.readerAddress);
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      told[message.event]?.(message);
    });
    socket.addEventListener("close", () => {
      if (state !== "away") tell("away");
      setTimeout(connect, RETRY_MILLISECONDS);
    });
  };
  connect();
  setTimeout(() => { if (!state) tell("away"); }, SILENCE_MILLISECONDS);

  return (wish) => socket.send(JSON.stringify(wish));
})();
