// @ts-check
// The graph: its tools, and the tables that say what the picture shows.

import { button, byId, el, many, number, svg, swap } from "./dom.js";
import { link, show } from "./cells.js";
import { look, outline, RIM } from "./looks.js";
import { measure, scene } from "./draw.js";
import { among, lines, node, plural } from "./known.js";
import { arrange } from "./layout.js";
import { gexfFile, jsonFile, linksFile, pngFile, svgFile, thingsFile } from "./download.js";

/** visible is what the state shows of the graph: nodes with their places, and the links among them. */
export function visible(state) {
  const nodes = [...state.nodes].map(([id, at]) => ({ ...node(id), ...at, selected: id === state.card, picked: state.picked.includes(id) }))
    .filter((n) => !state.hidden.has(n.class));
  return { nodes, links: among(new Set(nodes.map((n) => n.id))) };
}

/** settle gives places to things without one; again moves all that are not pinned. */
export function settle(state, again) {
  const ids = [...state.nodes.keys()].sort();
  const index = new Map(ids.map((id, i) => [id, i]));
  const nodes = ids.map((id) => {
    const at = state.nodes.get(id), known = node(id);
    const fresh = at.x === null || (again && !at.pin);
    return { ...measure(known.name, known.class), x: at.x, y: at.y, pin: at.pin, fresh };
  });
  if (!nodes.some((n) => n.fresh)) return;
  const links = lines(among(new Set(ids))).map(([e]) => [index.get(e.from), index.get(e.to)]);
  arrange(nodes, links);
  ids.forEach((id, i) => { Object.assign(state.nodes.get(id), { x: nodes[i].x, y: nodes[i].y }); });
}

/** sceneOf is the picture of a state. trail holds the pairs of things that a path leads along. */
export function sceneOf(state, trail) {
  const { nodes, links } = visible(state);
  return scene(nodes, links, (a, b) => trail.has(a + "\n" + b) || trail.has(b + "\n" + a));
}

/** degree counts the neighbours of a thing in the view. */
export function neighboursOf(id, links) {
  const near = new Set();
  for (const e of links) {
    if (e.from === id) near.add(e.to);
    if (e.to === id) near.add(e.from);
  }
  near.delete(id);
  return near;
}

/** drawTools draws what stands above the picture, drawTables what stands below. */
export function drawTools(state, act, canvas, undoable, redoable) {
  const { nodes, links } = visible(state);
  const classes = [...new Set([...state.nodes.keys()].map((id) => node(id).class))].sort();
  const names = state.picked.map((id) => node(id).name);
  const path = names.length === 2 ? `Path: ${names[0]} – ${names[1]}` : names.length === 1 ? `Path from ${names[0]} to …` : "Path between two";
  const found = state.picked.length === 2 && state.picked.every((id) => state.path.includes(id));
  const pickOne = names.length === 2 ? null : el("span", { class: "about" }, names.length === 0 ? "pick two things for a path" : "pick one more for a path");
  swap(byId("graph-tools"),
    el("div", { class: "buttons", role: "group", "aria-label": "Tools" },
      button("Undo", "undo", act.undo, { disabled: !undoable }), button("Redo", "redo", act.redo, { disabled: !redoable }),
      button("Closer", "in", () => canvas.zoom(1.3)), button("Farther", "out", () => canvas.zoom(0.77)), button("Fit", "fit", () => canvas.fit()),
      button("Arrange anew", "arrange", act.arrange, { disabled: nodes.length === 0 }),
      button("Clear", "clear", act.clear, { disabled: nodes.length === 0 }),
      button(path, "path", act.path, { disabled: names.length !== 2 || found, class: names.length === 2 && !found ? "main" : null }), pickOne,
      state.path.length > 0 ? button("Forget the path", "forget path", act.forgetPath) : null,
      button("Keys", "keys", act.help)),
    classes.length > 0 ? el("fieldset", { class: "chips" }, el("legend", {}, "Show"), classes.map((cls) => el("label", {},
      el("input", { type: "checkbox", checked: !state.hidden.has(cls), data: { key: "show " + cls }, onchange: () => act.hide(cls) }),
      shape(cls), `${plural(cls)} (${number([...state.nodes.keys()].filter((id) => node(id).class === cls).length)})`))) : null);
  swap(byId("graph-save"),
    el("div", { class: "buttons", role: "group", "aria-label": "Save the view" }, "Save as ",
      [["SVG", () => svgFile(sceneOf(state, act.trail()))], ["PNG", () => pngFile(sceneOf(state, act.trail()))], ["CSV: things", () => thingsFile(nodes)],
        ["CSV: links", () => linksFile(nodes, links)], ["JSON", () => jsonFile(nodes, links)], ["GEXF", () => gexfFile(nodes, links)]]
        .map(([name, fn]) => button(String(name), "save " + name, fn, { disabled: nodes.length === 0, class: "small" })),
      button("Copy the link", "copy link", act.copyLink, { class: "small" })));
}

// shape is a class in the legend, as in the picture.
function shape(cls) {
  const corners = outline(cls, 16, 11, 24, 12, 1), style = { fill: look(cls).colour, stroke: RIM.light, "stroke-width": 1.2 };
  return svg("svg", { class: "swatch", viewBox: "0 0 32 20", "aria-hidden": "true" },
    corners ? svg("path", { d: "M" + corners.map((p) => p.join(",")).join(" ") + "Z", ...style }) : svg("ellipse", { cx: 16, cy: 10, rx: 13, ry: 7, ...style }));
}

export function drawTables(state, act) {
  const { nodes, links } = visible(state);
  const order = [...nodes].sort((a, b) => a.class.localeCompare(b.class, "en") || a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1));
  if (nodes.length === 0) {
    swap(byId("graph-tables"), el("p", {}, state.nodes.size > 0 ? "All that is here is hidden: tick a class above." : "Nothing is in the picture yet. Search for a name above, or show the answer to a question as a graph."));
    return;
  }
  const name = new Map(nodes.map((n) => [n.id, n.name]));
  const row = (n) => {
    const near = neighboursOf(n.id, links).size;
    const m = state.more.get(n.id + "|");
    const left = m && m.shown >= m.total;
    return el("tr", { class: n.selected ? "selected" : null, "aria-current": n.selected ? "true" : null },
      el("th", { scope: "row" }, link(n, act.open)), el("td", {}, n.class_name), el("td", { class: "amount" }, number(near)),
      el("td", {}, el("div", { class: "buttons" },
        button(m ? (left ? "All shown" : "Show more") : "Expand", "expand " + n.id, () => act.expand(n.id, ""), { class: "small", disabled: left, "aria-label": `${m ? (left ? "All shown:" : "Show more of") : "Expand"} ${n.name}` }),
        m ? el("span", { class: "count" }, `${number(m.shown)} of ${number(m.total)}`) : null,
        button("Collapse", "collapse " + n.id, () => act.collapse(n.id), { class: "small", "aria-label": `Collapse ${n.name}` }),
        button(n.picked ? "Picked" : "Pick", "pick " + n.id, () => act.pick(n.id), { class: "small", "aria-pressed": String(n.picked), "aria-label": `${n.picked ? "Picked" : "Pick"} ${n.name} for a path` }),
        button(n.pin ? "Pinned" : "Pin", "pin " + n.id, () => act.pin(n.id), { class: "small", "aria-pressed": String(n.pin), "aria-label": `${n.pin ? "Pinned" : "Pin"} ${n.name}` }),
        button("Remove", "remove " + n.id, () => act.remove(n.id), { class: "small", "aria-label": `Remove ${n.name}` }))));
  };
  const heads = (titles) => el("thead", {}, el("tr", {}, titles.map((t) => el("th", { scope: "col" }, t))));
  const region = (key, label, ...rest) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label, data: { scroll: key, key: "region " + key } }, ...rest);
  swap(byId("graph-tables"),
    region("things", "Things in the picture", el("table", { id: "things" }, el("caption", {}, many(nodes.length, "thing") + " in the picture"),
      heads(["thing", "class", "neighbours here", "what to do"]), el("tbody", {}, order.map(row)))),
    links.length > 0 ? region("links", "Links in the picture", el("table", { id: "links" }, el("caption", {}, many(links.length, "link") + " in the picture"),
      heads(["from", "how", "to", "said by", "documents", "claims"]), el("tbody", {}, links.map((e) => el("tr", {},
        el("th", { scope: "row" }, link({ id: e.from, name: name.get(e.from) }, act.open)),
        el("td", {}, e.predicate.name || e.predicate.id, e.derived ? el("em", { class: "mark" }, " concluded" + (e.rule ? ": " + e.rule : "")) : null),
        el("td", {}, link({ id: e.to, name: name.get(e.to) }, act.open)),
        el("td", {}, show(e.said_by, act.open)), el("td", {}, show(e.sources, act.open)),
        el("td", {}, e.claims.map((c) => [el("code", {}, c.name ?? c.id), " "]))))))) : null);
}
