// @ts-check
// Elements from text: nothing here makes markup of a string.

const SVG = "http://www.w3.org/2000/svg";

/** el makes an element. Members of props that begin with "on" are listeners, "data" is a dataset, "text"
 * the text, and true is an attribute without a value; what is null or false is left out. */
export function el(name, props = {}, ...children) {
  return fill(document.createElement(name), props, children);
}

/** svg is el for pictures. */
export function svg(name, props = {}, ...children) {
  return fill(document.createElementNS(SVG, name), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** byId is an element that the page has. */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error("no element " + id);
  return node;
}

/** swap puts new children into a node and keeps the focus on what has the same data-key. */
export function swap(node, ...children) {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && node.contains(active) ? active.dataset.key : undefined;
  const scrolled = [...node.querySelectorAll("[data-scroll]")].map((n) => [n.dataset.scroll, n.scrollLeft, n.scrollTop]);
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const [name, left, top] of scrolled) {
    const again = node.querySelector(`[data-scroll="${name}"]`);
    if (again) again.scrollTo(left, top);
  }
  if (key === undefined) return;
  const again = [...node.querySelectorAll("[data-key]")].find((n) => n.dataset.key === key && !n.disabled);
  const heading = node.querySelector("h2, h3, caption") ?? node;
  if (again) again.focus({ preventScroll: true });
  else {
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  }
}

/** say tells those who do not see the page what has changed. */
export function say(text) {
  const status = byId("status");
  status.textContent = "";
  // A region that is set twice in one turn is read once at most.
  requestAnimationFrame(() => { status.textContent = text; });
}

/** button is a button with a key, so that the focus outlives a new drawing. */
export function button(text, key, onclick, props = {}) {
  return el("button", { type: "button", data: { key }, onclick, ...props }, text);
}

/** number prints a number for people. */
export function number(n) {
  return n.toLocaleString("en");
}

/** many is "1 thing" or "12 things". */
export function many(n, one, more = one + "s") {
  return number(n) + " " + (n === 1 ? one : more);
}
