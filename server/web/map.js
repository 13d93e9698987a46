// @ts-check
// Where things happened: points on a plain map of the land. Nothing is fetched from elsewhere, so there
// are no tiles.

import { button, el, many, number, svg, swap } from "./dom.js";
import { asKnown, get, own } from "./api.js";
import { link } from "./cells.js";
import { plural } from "./known.js";
import { tableFile } from "./download.js";

const W = 960, H = 520;

/** map draws the view. */
export async function map(node, state, filter, open, still) {
  const [collection, land] = await Promise.all([get("export", { format: "geojson", id: state.of, depth: state.of ? 1 : "" }), own("land.json")]);
  if (!still()) return;
  const places = new Map(), classes = new Set();
  for (const f of collection.features) {
    const p = f.properties;
    const at = p.place_iri ?? f.id;
    if (!places.has(at)) places.set(at, { id: at, name: p.place ?? p.name, lon: f.geometry.coordinates[0], lat: f.geometry.coordinates[1], things: [] });
    if (p.place_iri) {
      classes.add(p.class);
      places.get(at).things.push({ id: f.id.replace(/#\d+$/, ""), name: p.name, class: p.class });
    }
  }
  const list = [...places.values()].filter((p) => p.things.length > 0).sort((a, b) => b.things.length - a.things.length || (a.id < b.id ? -1 : 1));
  if (list.length === 0) {
    swap(node, el("h2", {}, "Map"), filter, el("p", {}, `Nothing here is tied to a place whose position is known${asKnown(", as known on ")}.`));
    return;
  }
  const off = new Set();
  const picture = svg("svg", { class: "map", tabindex: "0", role: "application", "aria-label": "", data: { key: "map" } });
  const table = el("div");
  const rings = land.rings.map(points);
  const whole = extent(list), most = extent(middle(list));
  let sight = { ...whole };
  const count = (p) => p.things.filter((t) => !off.has(t.class)).length;
  const draw = () => {
    const shown = list.filter((p) => count(p) > 0).sort((a, b) => count(b) - count(a));
    drawMap(picture, rings, shown, count, sight, open);
    picture.setAttribute("aria-label", `Map with ${many(shown.length, "place")}. Arrow keys move it, plus and minus zoom, 0 shows all. The table below has every place.`);
    table.replaceChildren(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Places", data: { scroll: "places", key: "region places" } },
      el("table", {}, el("caption", {}, many(shown.length, "place")),
        el("thead", {}, el("tr", {}, ["place", "things", "what", "position"].map((t) => el("th", { scope: "col" }, t)))),
        el("tbody", {}, shown.map((p) => el("tr", {},
          el("th", { scope: "row" }, link(p, open)), el("td", { class: "amount" }, number(count(p))),
          el("td", {}, el("details", {}, el("summary", { data: { key: "what " + p.id } }, many(count(p), "thing")),
            el("ul", {}, p.things.filter((t) => !off.has(t.class)).map((t) => el("li", {}, link(t, open)))))),
          el("td", {}, `${p.lat.toFixed(2)}, ${p.lon.toFixed(2)}`)))))));
  };
  const zoom = (by, cx = sight.x + sight.w / 2, cy = sight.y + sight.h / 2) => {
    const w = Math.max(2, Math.min(360, sight.w * by)), real = w / sight.w;
    sight = { x: cx - (cx - sight.x) * real, y: cy - (cy - sight.y) * real, w, h: sight.h * real };
    draw();
  };
  const move = (dx, dy) => { sight = { ...sight, x: sight.x + dx * sight.w, y: sight.y + dy * sight.h }; draw(); };
  picture.addEventListener("keydown", (e) => {
    if (e.target !== picture || e.ctrlKey || e.metaKey || e.altKey) return;
    const act = {
      ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
      "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1.4), 0: () => { sight = { ...whole }; draw(); },
    }[e.key];
    if (act) { e.preventDefault(); act(); }
  });
  let drag = null;
  picture.addEventListener("pointerdown", (e) => { if (!e.target.closest("a")) { drag = { x: e.clientX, y: e.clientY, sight }; picture.setPointerCapture(e.pointerId); } });
  picture.addEventListener("pointermove", (e) => {
    if (!drag) return;
    const r = picture.getBoundingClientRect();
    sight = { ...sight, x: drag.sight.x - ((e.clientX - drag.x) / r.width) * sight.w, y: drag.sight.y - ((e.clientY - drag.y) / r.height) * sight.h };
    draw();
  });
  picture.addEventListener("pointerup", () => { drag = null; });
  draw();
  const columns = [{ name: "id", title: "id" }, { name: "name", title: "place" }, { name: "lat", title: "latitude" }, { name: "lon", title: "longitude" }, { name: "count", title: "things" }];
  const rows = () => list.filter((p) => count(p) > 0).map((p) => ({ ...p, count: count(p) }));
  swap(node, el("h2", {}, "Map"), filter,
    el("p", { class: "about" }, "The larger the circle, the more is tied to the place. The point of a country or region is its middle."),
    el("fieldset", { class: "chips" }, el("legend", {}, "Count"), [...classes].sort().map((cls) => el("label", {}, el("input", {
      type: "checkbox", checked: true, data: { key: "map " + cls }, onchange: (e) => { if (e.target.checked) off.delete(cls); else off.add(cls); draw(); },
    }), " ", plural(cls)))),
    el("div", { class: "buttons", role: "group", "aria-label": "Move the map" },
      button("Closer", "map in", () => zoom(0.6)), button("Farther", "map out", () => zoom(1.6)),
      button("All", "map all", () => { sight = { ...whole }; draw(); }), button("Where most is", "map most", () => { sight = { ...most }; draw(); }),
      button("←", "map west", () => move(-0.2, 0), { "aria-label": "West" }), button("→", "map east", () => move(0.2, 0), { "aria-label": "East" }),
      button("↑", "map north", () => move(0, -0.2), { "aria-label": "North" }), button("↓", "map south", () => move(0, 0.2), { "aria-label": "South" })),
    picture, el("p", { class: "about" }, "Land: Natural Earth, public domain."),
    el("p", {}, button("Save as CSV", "map csv", () => tableFile("places", columns, rows(), "csv")), " ", button("Save as JSON", "map json", () => tableFile("places", columns, rows(), "json"))),
    table);
}

// middle is what lies around the place in the midst of all things: a part of the world as large as Europe.
function middle(list) {
  const median = (at) => {
    const all = list.flatMap((p) => p.things.map(() => at(p))).sort((a, b) => a - b);
    return all[Math.floor(all.length / 2)];
  };
  const lon = median((p) => p.lon), lat = median((p) => p.lat);
  return list.filter((p) => Math.abs(p.lon - lon) < 18 && Math.abs(p.lat - lat) < 12).concat({ lon, lat });
}

// extent is the part of the world, in degrees with y to the south, that holds all points.
function extent(list) {
  const xs = list.map((p) => p.lon), ys = list.map((p) => -p.lat);
  let l = Math.min(...xs) - 4, r = Math.max(...xs) + 4, t = Math.min(...ys) - 3, b = Math.max(...ys) + 3;
  const ratio = W / H, w = Math.max(r - l, (b - t) * ratio, 8), h = w / ratio;
  l -= (w - (r - l)) / 2;
  t -= (h - (b - t)) / 2;
  return { x: l, y: t, w, h };
}

// points turns the steps of a ring into places, in degrees.
function points(steps) {
  const ring = [];
  let lon = 0, lat = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    ring.push([lon / 10, lat / 10]);
  }
  return ring;
}

function drawMap(picture, rings, places, count, sight, open) {
  const x = (lon) => ((lon - sight.x) / sight.w) * W, y = (lat) => ((-lat - sight.y) / sight.h) * H;
  picture.setAttribute("viewBox", `0 0 ${W} ${H}`);
  const parts = [svg("rect", { class: "sea", width: W, height: H })];
  // One path for all land: a lake is a ring within a ring.
  parts.push(svg("path", { class: "land", "fill-rule": "evenodd", d: rings.map((ring) => "M" + ring.map(([lon, lat]) => `${x(lon).toFixed(1)},${y(lat).toFixed(1)}`).join(" ") + "Z").join("") }));
  const step = [1, 2, 5, 10, 20, 30].find((s) => sight.w / s <= 12) ?? 45;
  for (let lon = Math.ceil(sight.x / step) * step; lon <= sight.x + sight.w; lon += step) {
    if (lon < -180 || lon > 180) continue;
    parts.push(svg("line", { class: "rule", x1: x(lon), x2: x(lon), y1: 0, y2: H }), svg("text", { class: "tick", x: x(lon) + 3, y: H - 6 }, degrees(lon, "E", "W")));
  }
  for (let lat = Math.ceil((-sight.y - sight.h) / step) * step; lat <= -sight.y; lat += step) {
    if (lat < -90 || lat > 90) continue;
    parts.push(svg("line", { class: "rule", x1: 0, x2: W, y1: y(lat), y2: y(lat) }), svg("text", { class: "tick", x: 3, y: y(lat) - 3 }, degrees(lat, "N", "S")));
  }
  const taken = [], labels = [];
  for (const p of places) {
    const px = x(p.lon), py = y(p.lat);
    if (px < -30 || px > W + 30 || py < -30 || py > H + 30) continue;
    const r = 3.5 + 2.4 * Math.sqrt(count(p));
    parts.push(svg("a", {
      href: "#card=" + encodeURIComponent(p.id), tabindex: "-1", "aria-hidden": "true",
      onclick: (e) => { e.preventDefault(); open(p.id); },
    }, svg("circle", { class: "place", cx: px, cy: py, r }, svg("title", {}, `${p.name}: ${many(count(p), "thing")}`))));
    if (px < 0 || px > W || py < 0 || py > H) continue; // its name would be cut
    const label = { x: px + r + 3, y: py - 7, w: p.name.length * 7, h: 14 };
    if (label.x + label.w > W) label.x = px - r - 3 - label.w;
    if (taken.some((t) => t.x < label.x + label.w && label.x < t.x + t.w && t.y < label.y + label.h && label.y < t.y + t.h)) continue;
    taken.push(label);
    labels.push(svg("text", { class: "place-name", x: label.x, y: py + 4 }, p.name));
  }
  picture.replaceChildren(...parts, ...labels);
}

function degrees(n, plus, minus) {
  return n === 0 ? "0°" : Math.abs(n) + "°" + (n > 0 ? plus : minus);
}
