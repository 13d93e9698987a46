// @ts-check
// What is shown, as an address. Every step is an entry in the browser's history, so Back and Undo are one,
// and a link restores the view: the things in the picture with their places, what is selected, hidden,
// asked and brushed.

import { isDate } from "./clock.js";

const BARS = ["substance", "place", "country", "year"];

/** VIEWS are the views that an address may name. */
const VIEWS = ["start", "graph", "timeline", "map", "charts", "question"];

/** empty is the state of a page that was opened without anything. */
export function empty() {
  return {
    view: "start", card: "", nodes: new Map(), more: new Map(), picked: [], hidden: new Set(), path: [],
    question: "", params: {}, of: "", from: "", until: "", bars: "substance", measure: "", unit: "",
    known: "", undated: false,
  };
}

/** copy is a state that can be changed. */
export function copy(s) {
  return {
    ...s, nodes: new Map([...s.nodes].map(([id, n]) => [id, { ...n }])), more: new Map(s.more), picked: [...s.picked],
    hidden: new Set(s.hidden), path: [...s.path], params: { ...s.params },
  };
}

const esc = (text) => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2F", "/");

/** encode writes a state as the part of the address behind #. */
export function encode(s) {
  const parts = [];
  const add = (name, value) => { if (value !== "") parts.push(name + "=" + value); };
  add("view", s.view === "start" ? "" : s.view);
  add("card", esc(s.card));
  add("n", [...s.nodes].map(([id, n]) => `${esc(id)}@${n.x},${n.y}${n.pin ? ",p" : ""}`).join(";"));
  add("more", [...s.more].map(([key, m]) => `${esc(key)}@${m.shown},${m.total}`).join(";"));
  add("pick", s.picked.map(esc).join(";"));
  add("hide", [...s.hidden].map(esc).join(";"));
  add("path", s.path.map(esc).join(";"));
  add("q", esc(s.question));
  add("p", Object.entries(s.params).filter(([, v]) => v !== "").map(([k, v]) => esc(k) + "@" + esc(v)).join(";"));
  add("of", esc(s.of));
  add("from", esc(s.from));
  add("until", esc(s.until));
  add("bars", s.bars === "substance" ? "" : esc(s.bars));
  add("measure", esc(s.measure));
  add("unit", esc(s.unit));
  add("known", esc(s.known));
  add("undated", s.known !== "" && s.undated ? "1" : "");
  return parts.length > 0 ? "#" + parts.join("&") : "#";
}

/** decode reads an address; what it does not understand it leaves out. */
export function decode(hash) {
  const s = empty();
  const parts = new Map(hash.replace(/^#/, "").split("&").filter((p) => p.includes("=")).map((p) => {
    const at = p.indexOf("=");
    return [p.slice(0, at), p.slice(at + 1)];
  }));
  const text = (name) => unescaped(parts.get(name) ?? "");
  const list = (name) => (parts.get(name) ?? "").split(";").filter(Boolean);
  s.view = VIEWS.includes(text("view")) ? text("view") : "start";
  s.card = text("card");
  for (const item of list("n")) {
    const [id, at = ""] = item.split("@");
    const [x, y, pin] = at.split(",");
    if (Number.isFinite(Number(x)) && Number.isFinite(Number(y)) && at !== "") {
      s.nodes.set(unescaped(id), { x: Number(x), y: Number(y), pin: pin === "p" });
    }
  }
  for (const item of list("more")) {
    const [key, at = ""] = item.split("@");
    const [shown, total] = at.split(",").map(Number);
    if (shown >= 0 && total >= 0) s.more.set(unescaped(key), { shown, total });
  }
  s.picked = list("pick").map(unescaped).slice(0, 2);
  s.hidden = new Set(list("hide").map(unescaped));
  s.path = list("path").map(unescaped).slice(0, 2);
  s.question = text("q");
  for (const item of list("p")) {
    const [name, value = ""] = item.split("@");
    s.params[unescaped(name)] = unescaped(value);
  }
  s.of = text("of");
  s.from = text("from");
  s.until = text("until");
  s.bars = BARS.includes(text("bars")) ? text("bars") : "substance";
  s.measure = text("measure");
  s.unit = text("unit");
  s.known = isDate(text("known")) ? text("known") : "";
  s.undated = s.known !== "" && text("undated") === "1";
  return s;
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
