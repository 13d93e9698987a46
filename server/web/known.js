// @ts-check
// Things and links that the page has seen. A view is a choice of things; the links among them are always
// all that there are, however the things came in, so that a link to a view shows the same again.

import { get, isNow } from "./api.js";

/** MOST is how many things a picture holds; beyond that it is a hairball, and the server restores no more. */
export const MOST = 300;
/** STEP is how many neighbours come in at once. */
export const STEP = 50;

const BLOCK = 60; // things of which two times as many fit into an address

const nodes = new Map();
const edges = new Map();
const joined = new Map(); // what was asked among which things
let times = 0; // how often the links were forgotten
let classes = new Map(); // path of a class → class

/** learn keeps what an answer brought. */
export function learn(graph) {
  for (const { x, y, ...n } of [...(graph.nodes ?? []), ...(graph.center ? [graph.center] : [])]) nodes.set(n.id, n);
  if (isNow(graph)) for (const e of graph.edges ?? []) edges.set(e.id, e); // of another time, others hold
}

/** forget forgets the links, when those of another time are wanted. */
export function forget() {
  edges.clear();
  joined.clear();
  times++;
}

/** node is what is known of a thing; its class can be told from its id. */
export function node(id) {
  const known = nodes.get(id);
  if (known) return known;
  const c = classes.get(/^kg:([a-z-]+)\//.exec(id)?.[1] ?? "");
  return { id, name: id, class: c?.name ?? "", class_name: c?.label ?? "thing" };
}

/** classOf is the class of a thing that may never have been in a picture. */
export function classOf(id) {
  return node(id).class;
}

/** readSchema learns which classes there are. */
export async function readSchema() {
  const schema = await get("schema");
  classes = new Map(schema.classes.map((c) => [c.path || c.name.toLowerCase(), c]));
}

/** plural is the name of a class for people. */
export function plural(cls) {
  for (const c of classes.values()) if (c.name === cls) return c.plural;
  return cls || "other";
}

/** join asks for the links among things. */
export async function join(ids) {
  const sorted = [...ids].sort();
  const key = sorted.join("\n");
  if (sorted.length === 0 || joined.has(key)) return;
  // An address has room for some of them, so blocks are asked two by two: each pair of things is in one.
  const blocks = [];
  for (let i = 0; i < sorted.length; i += BLOCK) blocks.push(sorted.slice(i, i + BLOCK));
  const pairs = blocks.length < 2 ? [sorted] : blocks.flatMap((a, i) => blocks.slice(i + 1).map((b) => [...a, ...b]));
  const now = times;
  for (const graph of await Promise.all(pairs.map((ids) => get("graph", { id: ids })))) learn(graph);
  if (now === times) joined.set(key, true);
}

/** places are where things stand in the picture of kg export svg, if they are few enough to be named in an
 * address; the links among them are learned on the way. */
export async function places(ids) {
  const sorted = [...ids].sort();
  if (sorted.length === 0 || sorted.length > 2 * BLOCK) return new Map();
  const graph = await get("graph", { id: sorted, layout: "true" });
  learn(graph);
  return new Map(graph.nodes.filter((n) => Number.isFinite(n.x) && Number.isFinite(n.y)).map((n) => [n.id, n]));
}

/** among lists the links among things, in order. */
export function among(ids) {
  return [...edges.values()].filter((e) => ids.has(e.from) && ids.has(e.to)).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** lines joins all links that lead from one thing to another: the picture shows them as one. */
export function lines(links) {
  const by = new Map();
  for (const e of links) {
    if (e.from === e.to) continue;
    const key = e.from + "\n" + e.to;
    if (!by.has(key)) by.set(key, []);
    by.get(key).push(e);
  }
  return [...by.values()];
}
