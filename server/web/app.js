// @ts-check
// The page: what people do becomes a new state, a state becomes an address, and an address is drawn.

import { byId, el, many, say, swap } from "./dom.js";
import { asKnown, get, setClock } from "./api.js";
import { Canvas } from "./canvas.js";
import { card } from "./card.js";
import { charts } from "./charts.js";
import { drawClock, listen } from "./clock.js";
import { files } from "./download.js";
import { drawTables, drawTools, neighboursOf, sceneOf, settle, visible } from "./graph.js";
import { classOf, forget, join, learn, MOST, node, places, readSchema, STEP } from "./known.js";
import { map } from "./map.js";
import { question, start } from "./questions.js";
import { search } from "./search.js";
import { copy, decode, empty, encode } from "./state.js";
import { timeline } from "./timeline.js";

let state = empty();
let depth = 0; // steps back that are the page's own
let furthest = 0;
let trail = new Set(); // pairs of things that the path leads along
let turn = 0; // a drawing that a later one overtook stops
const shown = new Map(); // what stands in a view, so that nothing is drawn twice

/** become makes a state the one that is shown. */
function become(next) {
  const another = next.known !== state.known || next.undated !== state.undated;
  state = next;
  if (!another) return;
  setClock(state.known, state.undated);
  forget();
}

/** step changes the state and makes it an entry in the browser's history. */
function step(change, focus) {
  const next = copy(state);
  change(next);
  const hash = encode(next);
  if (hash === encode(state)) return draw(focus);
  become(next);
  depth++;
  furthest = depth;
  history.pushState({ depth, furthest }, "", hash);
  if (state.view === "graph") showPicture(); // at once: the next key goes on from what this one selected
  return draw(focus);
}

function showPicture() {
  canvas.show(sceneOf(state, trail));
  const { nodes, links } = visible(state);
  byId("canvas").setAttribute("aria-label", `Graph with ${many(nodes.length, "thing")} and ${many(links.length, "link")}${asKnown()}${state.nodes.has(state.card) ? `, ${node(state.card).name} selected` : ""}.`);
}


function fail(e) {
  const box = byId("trouble");
  box.hidden = false;
  box.replaceChildren(el("span", {}, String(e?.message ?? e) + (e?.id ? ` (request ${e.id})` : "")),
    el("button", { type: "button", onclick: () => { box.hidden = true; shown.clear(); draw(); } }, "Try again"));
}

/** attempt runs what asks the server, and tells what went wrong. */
async function attempt(fn) {
  try {
    byId("trouble").hidden = true;
    return await fn();
  } catch (e) {
    fail(e);
    return undefined;
  }
}

// reach asks for the links among what is in the picture and things that are to come in; put puts them in, as
// many as there is room for. What takes time comes first, so that no step is lost that was made meanwhile.
async function reach(ids) {
  const all = [...new Set([...state.nodes.keys(), ...ids])].slice(0, MOST);
  const begins = settled(state).length < 2;
  const [at] = await Promise.all([begins ? places(all) : new Map(), join(all)]);
  return at;
}

function settled(s) {
  return [...s.nodes].filter(([, n]) => n.x !== null);
}

// A picture that begins is that of kg export svg, around what is there already; what comes later is placed
// by the page, so that nothing moves.
function put(s, ids, at) {
  let left = 0;
  const there = settled(s);
  for (const id of ids) {
    if (s.nodes.has(id)) continue;
    if (s.nodes.size >= MOST) left++;
    else s.nodes.set(id, { x: null, y: null, pin: false });
  }
  if (there.length < 2 && s.nodes.size > 1) place(s, at, there[0]);
  settle(s, false);
  s.view = "graph";
  return left;
}

// place gives all things their places, so that one of them stays where it is.
function place(s, at, [id, stays] = ["", null]) {
  if (![...s.nodes.keys()].every((one) => at.has(one))) return;
  const dx = stays ? stays.x - at.get(id).x : 0, dy = stays ? stays.y - at.get(id).y : 0;
  for (const [one, n] of s.nodes) Object.assign(n, { x: Math.round(at.get(one).x + dx), y: Math.round(at.get(one).y + dy) });
  canvas.wantsFit = true;
}

function tellLeft(left) {
  if (left > 0) say(`The picture holds ${MOST} things; ${many(left, "thing")} did not fit. Remove some, or save a GEXF file for Gephi.`);
}

const act = {
  open: (id) => step((s) => { s.card = id; }, "card"),
  close: () => step((s) => { s.card = ""; }, "main"),
  select: (id) => step((s) => { s.card = id; }),
  add: (id) => attempt(async () => {
    const at = await reach([id]);
    let left = 0;
    await step((s) => { left = put(s, [id], at); });
    say(`${node(id).name} is in the graph.`);
    tellLeft(left);
  }),
  graph: (ids) => attempt(async () => {
    const at = await reach(ids);
    let left = 0;
    await step((s) => { left = put(s, ids, at); s.card = ""; }, "main");
    tellLeft(left);
  }),
  expand: (id, cls = "") => attempt(async () => {
    const key = id + "|" + cls;
    const answer = await get("expand", { id, class: cls, limit: STEP, offset: state.more.get(key)?.shown ?? 0 });
    learn(answer);
    const ids = [id, ...answer.nodes.map((n) => n.id)];
    const at = await reach(ids);
    let left = 0;
    await step((s) => {
      left = put(s, ids, at);
      s.more.set(key, { shown: answer.shown, total: answer.total });
    });
    say(`${answer.shown} of ${answer.total} around ${node(id).name}.`);
    tellLeft(left);
  }),
  collapse: (id) => step((s) => {
    const { links } = visible({ ...s, hidden: new Set() });
    let gone = 0;
    for (const near of neighboursOf(id, links)) {
      if (neighboursOf(near, links).size > 1 || s.nodes.get(near).pin || s.picked.includes(near)) continue;
      drop(s, near);
      gone++;
    }
    for (const key of [...s.more.keys()]) if (key.startsWith(id + "|")) s.more.delete(key);
    say(`${many(gone, "thing")} taken out.`);
  }),
  remove: (id) => step((s) => drop(s, id)),
  pick: (id) => attempt(async () => {
    const at = await reach([id]);
    await step((s) => {
      s.picked = s.picked.includes(id) ? s.picked.filter((p) => p !== id) : [...s.picked, id].slice(-2);
      put(s, [id], at);
    });
    const names = state.picked.map((p) => node(p).name);
    say(names.length === 2 ? `Picked ${names.join(" and ")}; now ask for the path.` : `Picked: ${names.join(", ") || "nothing"}.`);
  }),
  pin: (id) => step((s) => { const n = s.nodes.get(id); n.pin = !n.pin; }),
  drag: (id, x, y) => {
    Object.assign(state.nodes.get(id), { x: Math.round(x), y: Math.round(y) });
    canvas.scene = sceneOf(state, trail);
    canvas.paint();
  },
  move: (id, x, y) => step((s) => { s.nodes.set(id, { x: Math.round(x), y: Math.round(y), pin: true }); }),
  hide: (cls) => step((s) => { if (!s.hidden.delete(cls)) s.hidden.add(cls); }),
  path: () => attempt(async () => {
    const [from, to] = state.picked;
    const answer = await findPath(from, to);
    if (answer.paths.length === 0) throw new Error(`No path leads from ${node(from).name} to ${node(to).name}.`);
    const ids = answer.graph.nodes.map((n) => n.id);
    const at = await reach(ids);
    let left = 0;
    await step((s) => { left = put(s, ids, at); s.path = [from, to]; });
    say(`${many(answer.paths.length, "path")} of ${many(answer.paths[0].length - 1, "link")}.`);
    tellLeft(left);
  }),
  forgetPath: () => step((s) => { s.path = []; s.picked = []; }),
  arrange: () => attempt(async () => {
    const free = [...state.nodes.values()].every((n) => !n.pin);
    const at = free ? await places(state.nodes.keys()) : new Map();
    await step((s) => {
      if ([...s.nodes].every(([id, n]) => !n.pin && at.has(id))) place(s, at);
      else settle(s, true);
    });
    canvas.fit();
  }),
  clear: () => step((s) => { s.nodes = new Map(); s.more = new Map(); s.picked = []; s.path = []; s.hidden = new Set(); }),
  undo: () => { if (depth > 0) history.back(); else say("There is nothing to undo."); },
  redo: () => { if (depth < furthest) history.forward(); },
  help: () => byId("help").showModal(),
  ask: (name, params) => step((s) => { s.view = "question"; s.question = name; s.params = params; }, "main"),
  of: (id, view) => step((s) => { s.view = view; s.of = id; s.from = ""; s.until = ""; }, "main"),
  neighbours: (id) => neighboursOf(id, visible(state).links),
  trail: () => trail,
  files: (params, key) => files(params, key, fail),
  copyLink: async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      say("Link copied.");
    } catch {
      say("The browser did not let the page copy it; the address bar has the link.");
    }
  },
};

function drop(s, id) {
  s.nodes.delete(id);
  s.picked = s.picked.filter((p) => p !== id);
  for (const key of [...s.more.keys()]) if (key.startsWith(id + "|")) s.more.delete(key);
}

// setTime chooses by when all is shown as it was known.
function setTime(change) {
  return step((s) => { Object.assign(s, change); });
}

async function findPath(from, to) {
  const answer = await get("path", { from, to, paths: 10 });
  learn({ ...answer.graph, clock: answer.clock });
  return answer;
}

const canvas = new Canvas(byId("canvas"), act);

/** draw shows the state; focus says where the focus goes: to the card, to the view, or nowhere. */
async function draw(focus) {
  const mine = ++turn;
  for (const name of ["start", "question", "graph", "timeline", "map", "charts"]) byId(name).hidden = state.view !== name;
  drawNav();
  await attempt(async () => {
    if (state.nodes.size > 0) await restore();
    if (mine !== turn) return;
    await Promise.all([drawView(), drawCard(), drawClock(state, setTime, () => mine === turn)]);
    if (mine !== turn) return;
    if (focus === "card") byId("card").querySelector("h2")?.focus();
    if (focus === "main") {
      const head = byId(state.view).querySelector("h2");
      head?.setAttribute("tabindex", "-1");
      head?.focus();
    }
  });
}

// restore learns what an address names.
async function restore() {
  await join(state.nodes.keys());
  trail = new Set();
  if (state.path.length === 2) {
    const answer = await findPath(state.path[0], state.path[1]);
    for (const ids of answer.paths) ids.forEach((id, i) => { if (i > 0) trail.add(ids[i - 1] + "\n" + id); });
  }
  settle(state, false);
}

async function drawView() {
  const s = state;
  if (s.view === "graph") {
    drawTools(s, act, canvas, depth > 0, depth < furthest);
    showPicture();
    drawTables(s, act);
    return;
  }
  const key = JSON.stringify([s.view, s.question, s.params, s.of, s.from, s.until, s.bars, s.measure, s.unit, s.known, s.undated]);
  if (shown.get(s.view) === key) return;
  const box = byId(s.view), still = () => s === state;
  // A link names a thing by its id only.
  if (s.of && node(s.of).name === s.of) learn({ nodes: [(await get("entity", { id: s.of, limit: 1 })).entity] });
  if (s.view === "start") await start(box, act.ask);
  else if (s.view === "question") await question(box, s, act, still);
  else if (s.view === "timeline") {
    await timeline(box, s, ofForm("timeline"), (from, until) => {
      step((next) => { next.from = from; next.until = until; });
    }, act.open, still);
  } else if (s.view === "map") await map(box, s, ofForm("map"), act.open, still);
  else if (s.view === "charts") await charts(box, s, ofForm("charts"), (change) => step((next) => Object.assign(next, change)), act.open, still);
  if (!still()) return;
  shown.clear();
  shown.set(s.view, key);
}

// ofForm narrows a view down to what is tied to one thing.
function ofForm(view) {
  const input = el("input", { name: "of", value: state.of ? node(state.of).name : "", placeholder: "everything", autocomplete: "off", data: { key: "of" } });
  return el("form", {
    class: "of", onsubmit: (e) => {
      e.preventDefault();
      const text = input.value.trim();
      attempt(async () => {
        const id = text === "" ? "" : text === node(state.of).name ? state.of : (await get("entity", { id: text, limit: 1 })).entity;
        if (id?.id) learn({ nodes: [id] });
        act.of(id?.id ?? id, view);
      });
    },
  }, el("label", {}, "Only what is tied to ", input), el("button", { type: "submit", data: { key: "of go" } }, "Show"),
  state.of ? el("button", { type: "button", data: { key: "of all" }, onclick: () => act.of("", view) }, "Show all") : null);
}

async function drawCard() {
  const box = byId("card");
  box.hidden = state.card === "";
  byId("body").classList.toggle("with-card", state.card !== "");
  const here = new Map();
  for (const near of neighboursOf(state.card, visible({ ...state, hidden: new Set() }).links)) {
    for (const cls of ["", node(near).class]) here.set(cls, (here.get(cls) ?? 0) + 1);
  }
  const key = JSON.stringify([state.card, [...here], state.nodes.has(state.card), state.picked, state.known, state.undated]);
  if (state.card === "" || box.dataset.shown === key) return;
  const id = state.card;
  if (box.dataset.id !== id) box.replaceChildren(el("p", {}, "…"));
  const s = state;
  if (!await card(box, id, act, here, s.nodes.has(id), s.picked.includes(id), () => s === state)) return;
  box.dataset.id = id;
  box.dataset.shown = key;
}

function drawNav() {
  const views = [["start", "Start"], ["graph", `Graph${state.nodes.size > 0 ? ` (${state.nodes.size})` : ""}`], ["timeline", "Timeline"], ["map", "Map"], ["charts", "Seizures"]];
  swap(byId("views"), views.map(([view, name]) => el("li", {}, el("a", {
    href: "#view=" + view, "aria-current": state.view === view ? "page" : null, data: { key: "view " + view },
    onclick: (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      step((s) => { s.view = view; }, "main");
    },
  }, name))));
}

// An address that the page did not write itself is a link that someone followed or typed.
window.addEventListener("popstate", (e) => {
  if (location.hash === "#main") return;
  depth = e.state?.depth ?? 0;
  furthest = Math.max(furthest, depth);
  const camera = state.nodes.size > 0;
  become(decode(location.hash));
  if (!camera) canvas.wantsFit = true;
  draw();
});

byId("skip").addEventListener("click", (e) => {
  e.preventDefault();
  byId("main").focus();
});
for (const name of ["citation", "help"]) byId(name + "-close").addEventListener("click", () => byId(name).close());
async function begin() {
  await attempt(async () => {
    const [about] = await Promise.all([get(""), readSchema()]);
    byId("title").textContent = about.title;
    document.title = about.title;
  });
  become(decode(location.hash));
  history.replaceState({ depth, furthest }, "", location.hash || "#");
  await draw();
}

search((thing) => {
  learn({ nodes: [{ id: thing.id, name: thing.name ?? thing.id, class: classOf(thing.id), class_name: node(thing.id).class_name }] });
  attempt(async () => {
    const at = await reach([thing.id]);
    await step((s) => { put(s, [thing.id], at); s.card = thing.id; }, "card");
  });
}, fail);
listen(setTime);
begin();
