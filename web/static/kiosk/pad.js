// The pad on the screen types into the field that was touched last, or into the first one; a keypad with real keys does
// the same, wherever the focus is.
"use strict";

for (const pad of document.querySelectorAll(".pad")) {
  const form = pad.closest("form");
  const fields = [...form.querySelectorAll("input[inputmode=none]")];
  const says = form.querySelector("[data-pad-says]");
  const keys = [...pad.querySelectorAll("[data-key]")].map((button) => button.dataset.key).filter((key) => key.length === 1);
  const shuffle = pad.querySelector("[data-key=shuffle]");
  let field = fields[0];

  const isFull = (each) => each.value.length === each.maxLength;
  const isEmpty = (each) => each.value === "";

  const type = (key) => {
    if (key === "reset") field.value = "";
    else if (key === "delete") field.value = field.value.slice(0, -1);
    else if (!isFull(field)) field.value += key;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // What is entered counts; what a secret is, nobody is told.
  const noteEntry = (event) => {
    const entered = event.target, allowed = keys.join("");
    entered.value = [...entered.value.toUpperCase()].filter((each) => allowed.includes(each)).join("");
    entered.parentElement.dataset.entered = entered.value.length;
    says.textContent = `${entered.labels[0].textContent}：已输入 ${entered.value.length} 位`;
    const next = fields[fields.indexOf(entered) + 1];
    if (entered.type === "password" && isFull(entered) && next && isEmpty(next)) next.focus();
  };

  const shuffleDigits = () => {
    const buttons = [...pad.querySelectorAll("[data-key]")].filter((button) => /^[0-9]$/.test(button.dataset.key));
    const shuffled = shuffle.getAttribute("aria-pressed") !== "true";
    const digits = shuffled ? mixed([..."1234567890"]) : [..."1234567890"];
    for (const [place, button] of buttons.entries()) button.textContent = button.dataset.key = digits[place];
    shuffle.setAttribute("aria-pressed", shuffled);
    shuffle.textContent = shuffled ? "恢复顺序" : "打乱数字";
  };

  // The field keeps the focus, so that Enter on a real keypad confirms and does not press a digit again.
  pad.addEventListener("mousedown", (event) => event.preventDefault());
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key === "shuffle") shuffleDigits();
    else if (key) type(key);
  });

  for (const each of fields) {
    each.addEventListener("focus", () => { field = each; });
    each.addEventListener("input", noteEntry);
    if (each.type !== "password") continue;
    const dots = document.createElement("span");
    dots.setAttribute("aria-hidden", "true");
    dots.append(...Array.from({ length: each.maxLength }, () => document.createElement("i")));
    each.after(dots);
    each.parentElement.classList.add("drawn");
  }

  addEventListener("keydown", (event) => {
    if (event.target.matches("input") || event.ctrlKey || event.altKey || event.metaKey || pad.closest("[inert]")) return;
    const key = event.key === "Backspace" ? "delete" : event.key.toUpperCase();
    if (key === "delete" || keys.includes(key)) {
      event.preventDefault();
      field.focus();
      type(key);
    } else if (event.key === "Enter" && !event.target.matches("a, button, summary")) form.requestSubmit();
  });

  // An entry that is not whole costs nothing: the field asks for the rest.
  form.addEventListener("submit", (event) => {
    const missing = fields.find((each) => each.type === "password" && !isFull(each));
    if (!missing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    missing.focus();
    says.textContent = `${missing.labels[0].textContent}：还没有输完`;
  });

  form.querySelector("[aria-invalid]")?.focus();
}

// Fisher and Yates, with numbers that nobody can foresee.
function mixed(digits) {
  for (let last = digits.length - 1; last > 0; last -= 1) {
    const place = crypto.getRandomValues(new Uint32Array(1))[0] % (last + 1);
    [digits[last], digits[place]] = [digits[place], digits[last]];
  }
  return digits;
}
