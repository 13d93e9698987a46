// @ts-check
// Seizures by substance, place, country and year: sums that count nothing twice, as kg sum gives them. A
// chart is a table with a bar in each row, so what one sees and what one hears is the same.

import { button, el, many, number, swap } from "./dom.js";
import { all, asKnown } from "./api.js";
import { classOf, node as thing } from "./known.js";
import { grid, show, textOf } from "./cells.js";
import { tableFile } from "./download.js";

const KINDS = { substance: "by substance", place: "by place", country: "by country", year: "by year" };
const OPENINGS = { mass: "What weight was", cash: "How much money was", "street-value": "What was", items: "How many things were" };
const KEYS = { substance: "substance", place: "location", country: "country", year: "year" };
const MEASURES = { mass: "weight", cash: "money", "street-value": "estimated street value", items: "number of things" };
const FILTERS = { Platform: "platform", Item: "item", Location: "place", Agency: "agency", Operation: "operation" };

// Why figures were left out, in few words; the table below has each reason.
const OTHER = [/(?:)/, "for another reason", "for other reasons"];
const REASONS = [
  [/^part of /, "a part of a figure that counts", "parts of a figure that counts"],
  [/^may be counted in /, "may be counted in a larger figure already", "may be counted in a larger figure already"],
  [/^may count the same/, "may count the same as those that count", "may count the same as those that count"],
  [/^gives no /, "names no KEY, and may count the same", "name no KEY, and may count the same"],
  [/^no seizure/, "told of, but not seized", "told of, but not seized"],
  [/^an earlier total/, "an earlier total of a series", "earlier totals of a series"],
  [/^disputed|^disputes/, "disputed", "disputed"],
  [/^the same figure/, "another claim on a figure that counts", "other claims on a figure that counts"],
  [/^no number/, "without a number", "without a number"],
  [/^a conversion/, "a conversion of a figure that counts", "conversions of figures that count"],
];

/** charts draws the view; change is told what else to show. */
export async function charts(node, state, filter, change, open, still) {
  const key = KEYS[state.bars], measure = MEASURES[state.measure] ? state.measure : "mass";
  const name = FILTERS[classOf(state.of)];
  const tools = [el("h2", {}, "Seizures"), filter,
    el("div", { class: "buttons", role: "group", "aria-label": "Which chart" },
      Object.entries(KINDS).map(([kind, words]) => button(words[0].toUpperCase() + words.slice(1), "bars " + kind, () => change({ bars: kind, unit: "" }), { "aria-pressed": String(state.bars === kind) })))];
  if (state.of && !name) {
    swap(node, tools, el("p", {}, `${thing(state.of).name} is no platform, agency, operation, place or substance, so nothing can be added up for it.`));
    return;
  }
  const table = await all("sum", { measure, by: key, naive: "true", ...(name ? { [name]: state.of } : {}) });
  if (!still()) return;
  const units = unitsOf(table.rows, key, measure);
  const unit = units.find((u) => u.id === state.unit) ?? units[0];
  const bars = barsOf(table.rows.filter((row) => unitOf(row, key, measure).id === unit.id), key);
  const caption = `${measure === "items" && units.length > 0 && unit.thing ? `How many ${unit.name} were` : OPENINGS[measure]} seized ${KINDS[state.bars]}${measure === "street-value" ? ", by its estimated street value" : ""}${measure !== "items" && units.length > 1 ? ", in " + unit.name : ""}${state.of ? ", " + thing(state.of).name : ""}${asKnown(", as known on ")}`;
  const choose = (label, of, options, value) => el("label", {}, label + " ", el("select", { data: { key: of }, onchange: (e) => change(of === "measure" ? { measure: e.target.value, unit: "" } : { unit: e.target.value }) },
    options.map(([id, words]) => el("option", { value: id, selected: id === value }, words))));
  swap(node, tools,
    el("div", { class: "choices" }, choose("Counted in", "measure", Object.entries(MEASURES), measure),
      units.length > 1 ? choose(measure === "items" ? "Things" : "Currency", "unit", units.map((u) => [u.id, u.name]), unit.id) : null),
    bars.length === 0 ? el("p", {}, `Nothing of the kind is known here${asKnown(", as known on ")}.`) : chart(bars, caption, state.bars, open),
    leftOut(table.left_out, state.bars, open));
}

function chart(bars, caption, kind, open) {
  const most = Math.max(...bars.map((b) => b.value), 1);
  const columns = [{ name: "name", title: kind === "substance" ? "substance or thing" : kind, type: "any" }, { name: "text", title: "amount", type: "text" }, { name: "naive", title: "every number added up", type: "text" }];
  const file = (form) => tableFile("seizures-by-" + kind, [...columns, { name: "value", title: "number", type: "integer" }, { name: "unit", title: "unit", type: "text" }, { name: "claims", title: "claims", type: "text" }], bars, form);
  return [
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption, data: { scroll: "chart", key: "region chart" } },
      el("table", { class: "bars" }, el("caption", {}, caption),
        el("thead", {}, el("tr", {}, columns.map((c, i) => el("th", { scope: "col", class: i > 0 ? "amount" : null }, c.title)), el("td", {}))),
        el("tbody", {}, bars.map((b) => {
          const bar = el("div", { class: "bar" });
          bar.style.width = b.value === 0 ? "0" : Math.max(0.4, (b.value / most) * 100).toFixed(2) + "%";
          return el("tr", {}, el("th", { scope: "row" }, show(b.name, open)), el("td", { class: "amount" }, b.text || el("span", { class: "count" }, "left out")),
            el("td", { class: "amount count" }, b.naive), el("td", { class: "bar-cell", "aria-hidden": "true" }, bar));
        })))),
    el("p", { class: "about" }, "A part is never added to its whole, nor two claims on one thing: what a row leaves out is in a figure of another row, or may be; each is listed below. "
      + (kind === "substance" ? "What a document counts together with other drugs stands under drugs; name a substance above to see all that is known of it alone. " : "")
      + "The third column is what adding up every number of every document would give."),
    el("p", {}, button("Save as CSV", "chart csv", () => file("csv")), " ", button("Save as JSON", "chart json", () => file("json")))];
}

// unitOf is what a row is counted in: no two currencies share a chart, nor, but by substance, two kinds of
// things.
function unitOf(row, key, measure) {
  const goods = measure === "items" && key !== "substance" && row.substance?.[0];
  return goods ? { id: goods.id, name: textOf(goods), thing: true } : { id: row.measure.id, name: row.naive?.unit ?? row.amount?.unit ?? textOf(row.measure), thing: false };
}

// unitsOf lists them, what most rows have first.
function unitsOf(rows, key, measure) {
  const units = new Map();
  for (const row of rows) {
    const found = unitOf(row, key, measure), u = units.get(found.id) ?? { ...found, n: 0 };
    u.n += row.amount ? 1 : 0.01;
    units.set(u.id, u);
  }
  return [...units.values()].sort((a, b) => b.n - a.n || (a.id < b.id ? -1 : 1));
}

function barsOf(rows, key) {
  const bars = rows.map((row) => {
    const names = key === "year" ? [row.year].filter(Boolean) : row[key].filter(Boolean);
    return {
      name: names.length > 0 ? names : ["not given"],
      text: textOf(row.amount), naive: textOf(row.naive), value: row.amount?.value ?? 0, unit: row.naive?.unit ?? row.amount?.unit ?? "",
      claims: textOf(row.claims), year: /(\d{4})\D*$/.exec(textOf(row.year))?.[1] ?? "9999",
    };
  });
  if (key === "year") return bars.sort((a, b) => (a.year + textOf(a.name) < b.year + textOf(b.name) ? -1 : 1));
  return bars.sort((a, b) => b.value - a.value || textOf(a.name).localeCompare(textOf(b.name), "en"));
}

// leftOut says what the chart does not add up, and why.
function leftOut(list, kind, open) {
  if (list.length === 0) return null;
  const by = new Map();
  for (const l of list) {
    const found = REASONS.find(([is]) => is.test(l.reason)) ?? OTHER;
    by.set(found, (by.get(found) ?? 0) + 1);
  }
  const words = [...by].sort((a, b) => b[1] - a[1]).map(([[, one, more], n]) => `${number(n)} ${(n === 1 ? one : more).replace("KEY", kind)}`);
  const columns = [{ name: "what", title: "figure", type: "entity" }, { name: "amount", title: "amount", type: "quantity" }, { name: "claim", title: "claim", type: "claim" }, { name: "reason", title: "why it is left out", type: "text" }];
  return el("section", { "aria-label": "Left out" },
    el("p", { class: "excluded" }, el("strong", {}, `Left out: ${many(list.length, "amount")}`), ` (${words.join("; ")}).`),
    el("details", {}, el("summary", { data: { key: "chart left out" } }, "Each of them, with its claim and the reason"),
      grid("Amounts that were left out", columns, list, open, "left out")));
}
