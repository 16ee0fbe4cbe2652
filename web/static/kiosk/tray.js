// The tray of the simulated reader, for demonstrations: cards to put in. A real reader tells of none, and nothing shows.
"use strict";

document.addEventListener("tray", ({ detail: cards }) => {
  const tray = document.querySelector(".tray");
  const button = (card, label) => {
    const item = document.createElement("li"), made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: label });
    made.dataset.do = "insert";
    made.dataset.card = card;
    item.append(made);
    return item;
  };
  tray.querySelector("ul").replaceChildren(...cards.map(({ id, label }) => button(id, label)));
  tray.hidden = false;
});

document.querySelector(".tray").addEventListener("click", (event) => {
  const wish = event.target.closest("[data-do]");
  if (!wish) return;
  askReader(wish.dataset.card ? { do: wish.dataset.do, card: wish.dataset.card } : { do: wish.dataset.do });
  event.currentTarget.open = false;
});
