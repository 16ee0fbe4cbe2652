// What a clerk's page gains with JavaScript: keys that lead on, the card reader types. Everything works without it.
"use strict";

// Alt and a letter, in every browser alike: by themselves some want Shift too.
addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !event.code.startsWith("Key")) return;
  const meant = document.querySelector(`[accesskey="${event.code.slice(3).toLowerCase()}"]`);
  if (!meant) return;
  event.preventDefault();
  meant.click();
});

const nextAfter = (group) => {
  const after = group.nextElementSibling;
  return after.querySelector("input:checked") ?? after.querySelector("input, button") ?? after;
};

// In a group of choices the digit keys choose, and lead on to what comes next in the form.
for (const group of document.querySelectorAll("fieldset.choices")) {
  const choices = [...group.querySelectorAll("input[type=radio]")];
  choices.forEach((choice, place) => {
    const key = document.createElement("kbd");
    key.textContent = place + 1;
    key.setAttribute("aria-hidden", "true");
    choice.after(key);
    choice.setAttribute("aria-keyshortcuts", place + 1);
  });
  group.addEventListener("keydown", (event) => {
    const chosen = choices[Number(event.key) - 1];
    if (!chosen || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    chosen.checked = true;
    const next = nextAfter(group);
    next.focus();
    next.select?.(); // what is typed takes the place of what the card reader wrote
  });
}

// The card reader of this desk (reader.js) writes the number of a card that is put in into the field. One that was in
// before does not overwrite what the page came with: it may be that of the person before.
const line = document.querySelector("[data-fills]");
if (line) {
  const field = document.getElementById(line.dataset.fills);
  let atFirst = true;
  document.addEventListener("reader", ({ detail: { state, number } }) => {
    const isIn = state === "in", keeps = atFirst && field.value && field.value !== number;
    atFirst = false;
    line.classList.toggle("reads", isIn && !keeps);
    if (isIn && keeps) line.textContent = line.dataset.kept;
    else if (isIn) field.value = number;
  });

  // The simulated reader of the demo has no slot: what happens to it is chosen from a list.
  document.addEventListener("tray", ({ detail: cards }) => {
    document.querySelector(".tray")?.remove();
    const tray = document.createElement("div");
    tray.className = "field tray";
    tray.innerHTML = '<label for="tray">演示读卡器</label><select id="tray"></select>';
    const list = tray.lastChild;
    const offer = (words, wish) => list.append(new Option(words, JSON.stringify(wish)));
    list.append(new Option("请选择", ""));
    for (const { id, label } of cards) offer(`插入 ${label}`, { do: "insert", card: id });
    offer("取出卡", { do: "pull" });
    offer("拔掉读卡器", { do: "unplug" });
    offer("接上读卡器", { do: "plug-in" });
    list.addEventListener("change", () => {
      askReader(JSON.parse(list.value));
      list.selectedIndex = 0;
    });
    line.after(tray);
  });
}
