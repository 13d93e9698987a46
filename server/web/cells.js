// @ts-check
// Values of the API, as text and as elements.

import { el } from "./dom.js";

const HEDGES = { approx: "about", nearly: "nearly", atLeast: "at least", atMost: "at most", estimated: "an estimated" };
const MISSING = { someValue: "not known", noValue: "none", withheld: "withheld" };

/** textOf is a value as people read it. */
export function textOf(v) {
  if (v === null || v === undefined) return "";
  if (Array.isArray(v)) return v.map(textOf).join("; ");
  if (typeof v !== "object") return String(v);
  if (v.missing) return MISSING[v.missing] ?? v.missing;
  if ("text" in v) return (HEDGES[v.qualifier] ? HEDGES[v.qualifier] + " " : "") + v.text;
  if ("id" in v) return v.name || v.id;
  return textOf(v.value);
}

/** isThing says whether a value is something that has a card. */
export function isThing(v) {
  return v !== null && typeof v === "object" && typeof v.id === "string" && /^kg:[a-z-]+\/./.test(v.id)
    && !/^kg:(claim|kind|measure|unit|rule|derivation|qualifier)\//.test(v.id);
}

/** show makes elements of a value; things are links that open their cards. */
export function show(v, open) {
  if (v === null || v === undefined || (Array.isArray(v) && v.length === 0)) return [];
  if (Array.isArray(v)) return v.flatMap((item, i) => (i > 0 ? ["; ", ...show(item, open)] : show(item, open)));
  if (typeof v !== "object") return [String(v)];
  const marks = [];
  if (v.inferred) marks.push(" ", el("em", { class: "mark" }, "concluded"));
  if (v.disputed) marks.push(" ", el("em", { class: "mark" }, "disputed"));
  if (isThing(v)) return [link(v, open), ...marks];
  if (typeof v.id === "string" && /^https?:\/\//.test(v.id)) {
    return [el("a", { href: v.id, rel: "noreferrer", target: "_blank" }, textOf(v), el("span", { class: "unseen" }, " (new tab)")), ...marks];
  }
  return [textOf(v), ...marks];
}

/** link opens the card of a thing; in a new tab it is a page with that card only. */
export function link(thing, open, props = {}) {
  return el("a", {
    href: "#card=" + encodeURIComponent(thing.id), data: { key: "open " + thing.id, id: thing.id },
    onclick: (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      open(thing.id, e.currentTarget);
    },
    ...props,
  }, thing.name || thing.id);
}

/** csv writes rows of texts as RFC 4180 says. What a spreadsheet would run as a formula is kept text. */
export function csv(head, rows) {
  const cell = (text) => {
    const t = String(text ?? "");
    const safe = /^[=+\-@\t\r]/.test(t) && !/^-?[\d.,]+$/.test(t) ? "'" + t : t;
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function isAmount(column) {
  return !column.list && (column.type === "quantity" || column.type === "integer");
}

/** grid is a table of the API as an element, with a caption. */
export function grid(caption, columns, rows, open, key) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption, data: { scroll: key, key: "region " + key } },
    el("table", {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, columns.map((c) => el("th", { scope: "col", class: isAmount(c) ? "amount" : null }, c.title)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, columns.map((c, i) => el(i === 0 ? "th" : "td", {
        scope: i === 0 ? "row" : null, class: isAmount(c) ? "amount" : c.type === "date" ? "date" : null,
      }, show(row[c.name], open))))))));
}
