// @ts-check
// Seizures by substance, place and year. A chart is a table with a bar in each row, so what one sees and
// what one hears is the same.

import { button, el, many, number, swap } from "./dom.js";
import { all } from "./api.js";
import { classOf } from "./known.js";
import { show, textOf } from "./cells.js";
import { tableFile } from "./download.js";

const KINDS = { substance: "by substance", place: "by place", year: "by year" };

/** charts draws the view; change is told what else to show. */
export async function charts(node, state, filter, change, open, still) {
  const kinds = el("div", { class: "buttons", role: "group", "aria-label": "Which chart" },
    Object.entries(KINDS).map(([kind, name]) => button("Seizures " + name, "bars " + kind, () => change({ bars: kind }), { "aria-pressed": String(state.bars === kind) })));
  const made = state.bars === "place" ? await byPlace(state) : state.bars === "year" ? await byYear(state) : await bySubstance(state);
  if (!still()) return;
  const measures = made.measures && made.measures.length > 1 ? el("p", {}, el("label", {}, "Counted in ",
    el("select", { data: { key: "measure" }, onchange: (e) => change({ measure: e.target.value }) },
      made.measures.map((m) => el("option", { value: m.id, selected: m.id === made.measure }, m.name))))) : null;
  const most = Math.max(1, ...made.bars.map((b) => b.value));
  const columns = [{ name: "name", title: made.title, type: "any" }, { name: "text", title: made.unit, type: "text" }];
  const file = (kind) => tableFile("seizures-by-" + state.bars, [...columns, { name: "value", title: "number", type: "integer" }], made.bars, kind);
  swap(node, el("h2", {}, "Seizures"), filter, kinds, measures,
    el("p", { class: "about" }, made.note),
    made.bars.length === 0 ? el("p", {}, "Nothing of the kind is known here.") : [
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": made.caption, data: { scroll: "chart", key: "region chart" } },
        el("table", { class: "bars" }, el("caption", {}, made.caption),
          el("thead", {}, el("tr", {}, columns.map((c) => el("th", { scope: "col" }, c.title)), el("td", {}))),
          el("tbody", {}, made.bars.map((b) => {
            const bar = el("div", { class: "bar" });
            bar.style.width = Math.max(0.4, (b.value / most) * 100).toFixed(2) + "%";
            return el("tr", {}, el("th", { scope: "row" }, show(b.name, open)), el("td", { class: "amount" }, b.text), el("td", { class: "bar-cell", "aria-hidden": "true" }, bar));
          })))),
      el("p", {}, button("Save as CSV", "chart csv", () => file("csv")), " ", button("Save as JSON", "chart json", () => file("json")))]);
}

async function bySubstance(state) {
  const of = classOf(state.of);
  const table = await all("questions/seized-substances/answer", { platform: of === "Platform" ? state.of : "", item: of === "Item" ? state.of : "" });
  const measures = new Map();
  for (const row of table.rows) measures.set(row.measure.id + " " + row.amount.unit, { id: row.measure.id + " " + row.amount.unit, name: `${textOf(row.measure)} (${row.amount.unit === "gram" ? "weight" : row.amount.unit})`, n: (measures.get(row.measure.id + " " + row.amount.unit)?.n ?? 0) + 1 });
  const list = [...measures.values()].sort((a, b) => b.n - a.n);
  const measure = measures.has(state.measure) ? state.measure : (list.find((m) => m.id.endsWith(" gram")) ?? list[0])?.id;
  const bars = table.rows.filter((row) => row.measure.id + " " + row.amount.unit === measure && typeof row.amount.value === "number")
    .map((row) => ({ name: row.item, text: textOf(row.amount), value: row.amount.value })).sort((a, b) => b.value - a.value);
  const left = table.left_out.length > 0 ? ` ${many(table.left_out.length, "figure was", "figures were")} left out because they may be in another.` : "";
  return {
    title: "substance or thing", unit: "amount", caption: "How much was seized" + suffix(table), bars, measures: list, measure,
    note: "A part is never added to its whole, so kinds that documents count together stand together." + left,
  };
}

function suffix(table) {
  const of = table.params.platform ?? table.params.item ?? table.params.location;
  return of ? ", " + textOf(of) : "";
}

async function byPlace(state) {
  const platform = classOf(state.of) === "Platform";
  const table = platform ? await all("questions/seizures-by-platform/answer", { platform: state.of })
    : await all("questions/seizures-by-location/answer", { location: classOf(state.of) === "Location" ? state.of : "" });
  const places = new Map();
  for (const row of table.rows) {
    if (classOf(state.of) === "Item" && !row.item.some((i) => i.id === state.of)) continue;
    for (const place of [row.place].flat()) {
      if (!place) continue;
      if (!places.has(place.id)) places.set(place.id, { place: { id: place.id, name: place.name }, seen: new Set() });
      places.get(place.id).seen.add(row.seizure.id);
    }
  }
  const bars = [...places.values()].map((p) => ({ name: p.place, text: number(p.seen.size), value: p.seen.size }))
    .sort((a, b) => b.value - a.value || textOf(a.name).localeCompare(textOf(b.name), "en"));
  return {
    title: "place", unit: "seizures", caption: "How many seizures are known where" + suffix(table), bars,
    note: "Counted are seizures that documents tell of; one may be a part of another, so these numbers say where was much to tell.",
  };
}

async function byYear(state) {
  const table = await all("timeline", { entity: state.of });
  const years = new Map();
  for (const row of table.rows) {
    if (classOf(row.what.id) !== "Seizure") continue;
    const date = row.until ?? row.date;
    const year = textOf(date?.value ?? date).slice(0, 4) || "no date";
    if (!years.has(year)) years.set(year, new Set());
    years.get(year).add(row.what.id);
  }
  const bars = [...years].map(([year, seen]) => ({ name: year, text: number(seen.size), value: seen.size })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    title: "year", unit: "seizures", caption: "How many seizures are known of which year" + suffix({ params: {} }), bars,
    note: "Counted are seizures that documents tell of, by the year in which they had ended; totals over years count in the last.",
  };
}
