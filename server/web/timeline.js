// @ts-check
// When things happened: bars over time, a brush, and the rows under it.

import { button, el, many, number, svg, swap } from "./dom.js";
import { all, asKnown } from "./api.js";
import { grid, textOf } from "./cells.js";
import { classOf, plural } from "./known.js";
import { look, RIM } from "./looks.js";
import { tableFile } from "./download.js";

const W = 960, H = 190, TOP = 12, FOOT = 28, LEFT = 34;

/** months counts from year 0; a date may be a year, a month or a day. */
function month(date) {
  const m = /^(\d{4})(?:-(\d\d))?/.exec(date ?? "");
  return m ? Number(m[1]) * 12 + (m[2] ? Number(m[2]) - 1 : 0) : null;
}

const plain = (v) => (v && typeof v === "object" ? textOf(v.value ?? v) : v);
const spell = (m) => `${Math.floor(m / 12)}-${String((m % 12) + 1).padStart(2, "0")}`;

/** timeline draws the view; change is told a new brush (from, until as YYYY-MM, or ""). */
export async function timeline(node, state, filter, change, open, still) {
  const table = await all("timeline", { entity: state.of });
  if (!still()) return;
  const rows = table.rows.map((row) => ({ row, first: month(plain(row.date)) ?? month(plain(row.until)), cls: classOf(row.what.id) }))
    .filter((r) => r.first !== null)
    .map((r) => ({ ...r, last: month(plain(r.row.until)) ?? (/^\d{4}$/.test(plain(r.row.date)) ? r.first + 11 : r.first) }));
  if (rows.length === 0) {
    swap(node, el("h2", {}, "Timeline"), filter, el("p", {}, `Nothing here has a date${asKnown()}.`));
    return;
  }
  // A few things long ago would press all others into a corner: the bars begin where most of them are.
  const firsts = rows.map((r) => r.first).sort((a, b) => a - b);
  const begin = Math.floor(firsts[0] / 12) * 12;
  const end = Math.ceil((Math.max(...rows.map((r) => r.first)) + 1) / 12) * 12 - 1;
  const step = end - begin > 240 ? 12 : end - begin > 60 ? 3 : 1;
  const bins = Math.floor((end - begin) / step) + 1;
  const classes = [...new Set(rows.map((r) => r.cls))].sort();
  const count = Array.from({ length: bins }, () => new Map());
  for (const r of rows) {
    const bin = count[Math.floor((r.first - begin) / step)];
    bin.set(r.cls, (bin.get(r.cls) ?? 0) + 1);
  }
  const most = Math.max(...count.map((bin) => [...bin.values()].reduce((a, b) => a + b, 0)));
  const x = (m) => LEFT + ((m - begin) / (bins * step)) * (W - LEFT);
  const y = (n) => TOP + (1 - n / most) * (H - TOP - FOOT);
  const brush = { from: Math.max(begin, month(state.from) ?? begin), until: Math.min(end, month(state.until) ?? end) };
  const range = el("p", { class: "range", "aria-live": "polite" });
  const shade = [svg("rect", { class: "shade", y: TOP, height: H - TOP - FOOT }), svg("rect", { class: "shade", y: TOP, height: H - TOP - FOOT })];
  const list = el("div");
  const picture = svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "histogram", role: "img", "aria-label": `Bars: how much happened when, ${spell(begin)} to ${spell(end)}; the table below has each date` });
  for (const n of [0, Math.ceil(most / 2), most]) {
    picture.append(svg("line", { class: "rule", x1: LEFT, x2: W, y1: y(n), y2: y(n) }), svg("text", { class: "tick", x: LEFT - 5, y: y(n) + 4, "text-anchor": "end" }, String(n)));
  }
  count.forEach((bin, i) => {
    let base = 0;
    for (const cls of classes) {
      const n = bin.get(cls) ?? 0;
      if (n === 0) continue;
      picture.append(svg("rect", {
        x: x(begin + i * step) + 0.5, width: Math.max(1, x(begin + step) - x(begin) - 1), y: y(base + n), height: y(base) - y(base + n), fill: look(cls).colour, stroke: RIM.light, "stroke-width": 0.6,
      }, svg("title", {}, `${spell(begin + i * step)}: ${many(n, "row")} on ${plural(cls)}`)));
      base += n;
    }
  });
  const years = (end - begin + 1) / 12, every = Math.max(1, Math.ceil(years / 14));
  for (let year = begin / 12; year <= end / 12; year += every) {
    picture.append(svg("text", { class: "tick", x: x(year * 12) + 2, y: H - 8 }, String(year)), svg("line", { class: "rule", x1: x(year * 12), x2: x(year * 12), y1: H - FOOT, y2: H - FOOT + 6 }));
  }
  picture.append(...shade);

  const slider = (name, label) => el("input", {
    type: "range", min: begin, max: end, step: 1, value: brush[name], "aria-label": label, data: { key: "brush " + name },
    oninput: (e) => { set(name, Number(e.target.value)); }, onchange: done,
  });
  const from = slider("from", "From"), until = slider("until", "Until");
  const within = () => rows.filter((r) => r.first <= brush.until && r.last >= brush.from).map((r) => r.row);
  const draw = () => {
    from.value = String(brush.from);
    until.value = String(brush.until);
    from.setAttribute("aria-valuetext", spell(brush.from));
    until.setAttribute("aria-valuetext", spell(brush.until));
    shade[0].setAttribute("x", String(LEFT));
    shade[0].setAttribute("width", String(Math.max(0, x(brush.from) - LEFT)));
    shade[1].setAttribute("x", String(x(brush.until + 1)));
    shade[1].setAttribute("width", String(Math.max(0, W - x(brush.until + 1))));
    const shown = within();
    range.textContent = `${spell(brush.from)} to ${spell(brush.until)}: ${number(shown.length)} of ${many(rows.length, "row")}`;
    list.replaceChildren(grid("What happened, in order", table.columns.filter((c) => !["kind", "converted"].includes(c.name)), shown, open, "timeline"));
  };
  function set(name, value) {
    brush[name] = value;
    if (brush.from > brush.until) brush[name === "from" ? "until" : "from"] = value;
    draw();
  }
  function done() {
    change(brush.from === begin ? "" : spell(brush.from), brush.until === end ? "" : spell(brush.until));
  }
  // The pointer draws a brush over the bars; the sliders do the same by key.
  const at = (e) => {
    const r = picture.getBoundingClientRect();
    return Math.max(begin, Math.min(end, Math.floor(begin + (((e.clientX - r.left) / r.width) * W - LEFT) / (W - LEFT) * bins * step)));
  };
  let start = null;
  picture.addEventListener("pointerdown", (e) => { picture.setPointerCapture(e.pointerId); start = at(e); });
  picture.addEventListener("pointermove", (e) => {
    if (start === null) return;
    const now = at(e);
    brush.from = Math.min(start, now);
    brush.until = Math.max(start, now);
    draw();
  });
  picture.addEventListener("pointerup", () => { if (start !== null) { start = null; done(); } });
  draw();
  swap(node, el("h2", {}, "Timeline"), filter,
    el("p", { class: "about" }, "A bar counts what began in its time. Drag over the bars, or move the two ends below."),
    el("div", { class: "scrollx", tabindex: "0", role: "region", "aria-label": "Bars over time", data: { scroll: "bars", key: "region bars" } }, picture),
    el("div", { class: "sliders" }, el("label", {}, "From ", from), el("label", {}, "Until ", until),
      button("All of the time", "brush all", () => { brush.from = begin; brush.until = end; draw(); done(); })),
    range,
    el("ul", { class: "legend plain" }, classes.map((cls) => el("li", {}, swatch(cls), " ", plural(cls)))),
    el("p", {}, button("Save as CSV", "timeline csv", () => tableFile("timeline", table.columns, within(), "csv")), " ",
      button("Save as JSON", "timeline json", () => tableFile("timeline", table.columns, within(), "json"))),
    list);
}

/** swatch is the colour of a class in a legend. */
export function swatch(cls) {
  return svg("svg", { class: "swatch", viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("rect", { x: 1, y: 1, width: 12, height: 12, fill: look(cls).colour, stroke: RIM.light }));
}
