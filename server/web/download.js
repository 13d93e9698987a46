// @ts-check
// Files of what is shown.

import { el, say } from "./dom.js";
import { asKnown, file, get } from "./api.js";
import { csv, textOf } from "./cells.js";
import { paint, colours, frame, xml, picture } from "./draw.js";

// named is the name of a file, with the time as which it shows things.
function named(name, extension) {
  return name + asKnown("-known-").replaceAll(" ", "-") + "." + extension;
}

/** save hands a file to the browser. */
export function save(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const url = URL.createObjectURL(blob);
  const a = el("a", { href: url, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  say(`Saved ${name}.`);
}

/** svgFile saves the picture. */
export async function svgFile(sc) {
  const about = await get("");
  save(named("graph", "svg"), picture(sc, "Graph: " + title(sc), await lines(about)), "image/svg+xml");
}

function title(sc) {
  const names = sc.boxes.map((b) => b.name);
  return names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
}

async function lines(about) {
  return [`${about.title}${asKnown()}, dataset ${about.dataset.slice(0, 12)}${about.licence ? ", " + about.licence : ""}`, location.href];
}

/** pngFile saves the picture as pixels, twice as fine as on the screen. */
export function pngFile(sc) {
  const f = frame(sc), ratio = f.w * f.h > 6e6 ? 1 : 2, canvas = el("canvas");
  const w = Math.min(8000, f.w + 60), h = Math.min(8000, f.h + 60);
  canvas.width = w * ratio;
  canvas.height = h * ratio;
  const k = Math.min(1, (w - 60) / f.w, (h - 60) / f.h);
  paint(canvas.getContext("2d"), sc, { x: f.x + f.w / 2, y: f.y + f.h / 2, k }, w, h, ratio, colours(false, false));
  canvas.toBlob((blob) => save(named("graph", "png"), blob, "image/png"), "image/png");
}

/** thingsFile and linksFile save the tables beside the picture. */
export function thingsFile(nodes) {
  save(named("things", "csv"), csv(["id", "name", "class"], nodes.map((n) => [n.id, n.name, n.class])), "text/csv");
}

const LINKS = ["id", "from", "from name", "predicate", "to", "to name", "concluded", "rule", "claims", "said by", "documents"];

export function linksFile(nodes, links) {
  const name = new Map(nodes.map((n) => [n.id, n.name]));
  save(named("links", "csv"), csv(LINKS, links.map((e) => [e.id, e.from, name.get(e.from), textOf(e.predicate), e.to, name.get(e.to), String(e.derived), e.rule ?? "", textOf(e.claims), textOf(e.said_by), textOf(e.sources)])), "text/csv");
}

/** jsonFile saves things and links with all that the API says of them. */
export async function jsonFile(nodes, links) {
  const about = await get("");
  save(named("graph", "json"), JSON.stringify({ title: about.title + asKnown(), licence: about.licence, dataset: about.dataset, address: location.href, nodes, edges: links }, null, 1), "application/json");
}

/** gexfFile saves the view for Gephi, with the places of the picture. */
export async function gexfFile(nodes, links) {
  const about = await get("");
  const q = (text) => `"${xml(text ?? "")}"`;
  const value = (id, text) => `<attvalue for="${id}" value=${q(text)}/>`;
  save(named("graph", "gexf"), [
    '<?xml version="1.0" encoding="UTF-8"?>', '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">',
    `<meta><creator>kg</creator><description>${xml(`${about.title}${asKnown()}, dataset ${about.dataset}`)}</description></meta>`, '<graph defaultedgetype="directed">',
    '<attributes class="node"><attribute id="class" title="class" type="string"/></attributes>',
    '<attributes class="edge"><attribute id="claims" title="claims" type="string"/><attribute id="said_by" title="said by" type="string"/><attribute id="sources" title="documents" type="string"/><attribute id="derived" title="concluded" type="boolean"/></attributes>',
    "<nodes>", ...nodes.map((n) => `<node id=${q(n.id)} label=${q(n.name)}><attvalues>${value("class", n.class)}</attvalues><viz:position x="${n.x}" y="${-n.y}" z="0"/></node>`), "</nodes>",
    "<edges>", ...links.map((e) => `<edge id=${q(e.id)} source=${q(e.from)} target=${q(e.to)} label=${q(textOf(e.predicate))}><attvalues>${value("claims", textOf(e.claims))}${value("said_by", textOf(e.said_by))}${value("sources", textOf(e.sources))}${value("derived", String(e.derived))}</attvalues></edge>`), "</edges>",
    "</graph></gexf>",
  ].join("\n"), "application/gexf+xml");
}

/** tableFile saves rows of the API as CSV or JSON. */
export function tableFile(name, columns, rows, kind) {
  if (kind === "json") save(named(name, "json"), JSON.stringify({ title: name + asKnown(), columns, rows }, null, 1), "application/json");
  else save(named(name, "csv"), csv(columns.map((c) => c.title), rows.map((row) => columns.map((c) => textOf(row[c.name])))), "text/csv");
}

/** files is a choice of all formats that the server writes, for a part of the graph. */
export function files(params, key, fail) {
  const choice = el("select", { "aria-label": "Format of the file", data: { key: key + " format" } });
  get("formats").then((list) => {
    choice.replaceChildren(...list.formats.map((f) => el("option", { value: f.name, title: f.about }, `${f.name} (${f.extension})`)));
    choice.value = list.formats.some((f) => f.name === "gexf") ? "gexf" : choice.value;
  }).catch(fail);
  const fetchIt = async () => {
    try {
      const f = await file("export", { ...params, format: choice.value });
      save(f.name ?? "graph." + choice.value, f.blob);
      if (f.note) say(`Saved; ${f.note}.`);
    } catch (e) {
      fail(e);
    }
  };
  return el("span", { class: "files" }, choice, " ", el("button", { type: "button", data: { key: key + " save" }, onclick: fetchIt }, "Save"));
}
