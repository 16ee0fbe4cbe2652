// What a person with weak eyes, a trembling hand or a small screen notices on a page, and axe does not. Each function
// returns the faults that it found, in words.
window.looking = (() => {
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const over = ([r, g, b, alpha = 1], below) => [r, g, b].map((part, place) => part * alpha + below[place] * (1 - alpha));
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.unshift(getComputedStyle(each).backgroundColor);
    return layers.map(parse).reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const stands = (colour, on, least = 3) => contrast(over(parse(colour), on), on) >= least;

  const isThere = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isThere);
  const called = (element) =>
    `${element.tagName.toLowerCase()}${element.id && "#" + element.id} “${(element.textContent || element.name || "").trim().slice(0, 30)}”`;

  const TARGETS = "a[href], button, input:not([type=hidden]), select, summary";
  const whole = () => document.querySelector(":modal") ?? document.body;
  const reachable = () =>
    all(TARGETS + ", [tabindex='0']").filter((element) =>
      whole().contains(element) && !element.closest("[inert]") && !passedOver(element));
  // Of a group of choices the keyboard stops at one, from which the arrows lead on.
  const passedOver = (element) => {
    if (element.type !== "radio") return false;
    const group = all(`input[name="${element.name}"]`);
    return element !== (group.find((each) => each.checked) ?? group[0]);
  };
  const ringed = (element) => element.closest(".choices label") ?? element; // whose ring tells where the keyboard is
  const offScreen = (element) => element.matches(".skip-link:not(:focus), .visually-hidden");

  // WCAG 1.4.11: one sees where a field or a button is. The one that has the keyboard is for faintRings.
  const faintEdges = () =>
    all("input:not([type=hidden]), select, button").filter((element) => {
      const style = getComputedStyle(element), outside = ground(element.parentElement);
      const bordered = parseFloat(style.borderBottomWidth) >= 1 && style.borderBottomStyle !== "none";
      return element !== document.activeElement && !(bordered && stands(style.borderBottomColor, outside)) && !stands(style.backgroundColor, outside);
    }).map(called);

  // WCAG 1.4.11 for pictures of figures, and 1.4.3 for the words in them.
  const faintPictures = () =>
    all("svg[role=img] :is(rect, line, text)").filter((shape) => {
      const style = getComputedStyle(shape), outside = ground(shape.closest("svg"));
      if (shape.matches("text")) return !stands(style.fill, outside, 4.5);
      return ![style.fill, style.stroke].some((colour) => colour !== "none" && stands(colour, outside));
    }).map(called);

  // WCAG 2.4.7, 1.4.11: one sees where the keyboard is. Whoever calls this has pressed a key before.
  const faintRings = () => {
    const before = document.activeElement;
    const faint = reachable().filter((element) => {
      element.focus();
      const ring = ringed(element), style = getComputedStyle(ring);
      const behind = ground(parseFloat(style.outlineOffset) < 0 ? ring : ring.parentElement);
      return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 || !stands(style.outlineColor, behind);
    }).map(called);
    before.focus();
    return faint;
  };

  // WCAG 2.5.8: 24 by 24 pixels, or as far from the next; a link within a sentence may be as high as its line.
  const smallTargets = () => {
    const targets = all(TARGETS).filter((each) => !offScreen(each));
    const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
    const within = (element) => getComputedStyle(element).display === "inline"
      && element.parentElement.textContent.trim().length > element.textContent.trim().length;
    return targets.filter((element) => {
      const box = element.getBoundingClientRect(), [x, y] = middle(box);
      if ((box.width >= 24 && box.height >= 24) || within(element)) return false;
      return targets.some((other) => {
        const near = other.getBoundingClientRect();
        const dx = Math.max(near.left - x, 0, x - near.right), dy = Math.max(near.top - y, 0, y - near.bottom);
        return other !== element && Math.hypot(dx, dy) < 12;
      });
    }).map(called);
  };

  // For a whole finger, and for eyes an arm's length away: what is smaller than `least` pixels.
  const narrowTargets = (least) =>
    all(TARGETS).filter((element) => {
      const box = element.getBoundingClientRect();
      return !offScreen(element) && (box.width < least - 0.5 || box.height < least - 0.5);
    }).map(called);
  const smallType = (least) =>
    all("body *").filter((element) => {
      const hasWords = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      return hasWords && !element.closest(".visually-hidden, caption") && parseFloat(getComputedStyle(element).fontSize) < least;
    }).map(called);

  // WCAG 1.4.10, 1.4.4, 1.4.12: nothing leads to the side but a table in its own box, nothing is cut off.
  const cutOff = () => {
    const width = document.documentElement.clientWidth;
    const faults = document.documentElement.scrollWidth > width ? ["the page scrolls to the side"] : [];
    for (const element of all("body *")) {
      if (element.closest(".visually-hidden, .skip-link, svg, .table-box thead, input")) continue;
      const box = element.getBoundingClientRect(), style = getComputedStyle(element);
      if (box.right > width + 1 && !element.closest(".table-box")) faults.push(`${called(element)} leaves the screen`);
      const hides = /hidden|clip/.test(style.overflowX + style.overflowY) || element.matches("button");
      if (hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
        faults.push(`${called(element)} is cut off`);
    }
    return faults;
  };

  // One heading of the first level, and no level left out.
  const oddHeadings = () => {
    const levels = all("h1, h2, h3, h4, h5, h6").map((each) => Number(each.tagName[1]));
    const left = levels.filter((level, place) => level > (levels[place - 1] ?? level) + 1);
    return levels.filter((level) => level === 1).length === 1 && !left.length ? [] : [levels.join(" ")];
  };

  // A field's error, hint and label are tied to it; those of a group of choices to the group, which tells its legend.
  const isWrong = (field) => field.classList.contains("field-wrong");
  const tied = (element, field) => (element.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean).join()
    === [...field.querySelectorAll(".hint, .field-error")].map((each) => each.id).join();
  const looseFields = () =>
    all("input:not([type=hidden]), select, fieldset").filter((each) => {
      const field = each.closest(".field");
      if (each.matches("fieldset")) return !tied(each, field) || !each.querySelector("legend");
      if (each.labels.length !== 1) return true;
      if (each.closest("fieldset")) return false;
      return !tied(each, field) || (each.getAttribute("aria-invalid") === "true") !== isWrong(field);
    }).map(called);

  // What is ticked is as wide as it is high.
  const oddBoxes = () => all("[type=radio], [type=checkbox]").filter((each) => each.offsetWidth !== each.offsetHeight).map(called);

  const liesOver = (element) => element && (getComputedStyle(element).position === "fixed" || liesOver(element.parentElement));

  // The browser's own, before a test's clock puts still ones in their place.
  const nextFrame = window.requestAnimationFrame.bind(window), measured = performance.getEntriesByName.bind(performance);

  const isDrawn = () => measured("first-contentful-paint").length > 0;

  // A page's own scripts are told of another size with the next frame.
  const hasTurnedTo = async (width, height) => {
    do await new Promise(nextFrame);
    while (innerWidth !== width || innerHeight !== height);
  };

  let keys = 0;
  addEventListener("keyup", () => { keys += 1; }, true);

  // Before everything that Tab can reach.
  const goToStart = () => {
    whole().tabIndex = -1;
    whole().focus();
    return { keys, stops: reachable().length };
  };

  // Where the keyboard is: its place in the order of the page (-1: on none), how far down the page, and whether one sees it;
  // and how many keys the page has had: that one was sent does not say that it came.
  const keyboard = () => {
    const here = document.activeElement, box = here.getBoundingClientRect();
    const on = box.top < innerHeight && box.bottom > 0 && box.left >= 0 && box.right <= document.documentElement.clientWidth;
    return {
      keys,
      place: reachable().indexOf(here),
      top: liesOver(here) ? 0 : box.top + scrollY,
      seen: on && getComputedStyle(ringed(here)).outlineStyle === "solid",
      called: called(here),
    };
  };
  return {
    isDrawn, hasTurnedTo, goToStart, keyboard,
    faintEdges, faintPictures, faintRings, smallTargets, narrowTargets, smallType, cutOff, oddHeadings, oddBoxes, looseFields,
  };
})();
