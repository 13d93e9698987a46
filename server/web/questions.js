// @ts-check
// The saved questions: a few ready ones to begin with, and each with its parameters and its answer.

import { button, el, many, number, swap } from "./dom.js";
import { all, asKnown, get } from "./api.js";
import { grid, isThing } from "./cells.js";
import { tableFile } from "./download.js";

// What most people come for, in their words; a dataset without these questions shows its own.
const READY = [
  ["agencies-by-platform", (p) => `Who cracked ${p.platform}?`, { role: "cracked" }],
  ["seized-substances", () => "How much was seized in all?", { platform: "", item: "" }],
  ["seizures-by-location", (p) => `What was seized in ${p.location ?? "which place"}?`, {}],
  ["platform-figures", (p) => `How many people used ${p.platform ?? "which platform"}?`, { counts: "users" }],
  ["agencies-together", (p) => `Which agencies worked together${p.agency ? " with " + p.agency : ""}?`, {}],
];

/** start draws the first page. */
export async function start(node, ask) {
  const [about, list] = await Promise.all([get(""), get("questions")]);
  const by = new Map(list.questions.map((q) => [q.name, q]));
  const ready = READY.filter(([name]) => by.has(name)).map(([name, text, extra]) => {
    const q = by.get(name);
    const params = { ...q.example };
    for (const [k, v] of Object.entries(extra)) if (q.params.some((p) => p.name === k)) params[k] = v;
    return { name, text: text(params), params };
  });
  const rest = list.questions.filter((q) => !ready.some((r) => r.name === q.name) || ready.length < 3);
  const shown = ready.length >= 3 ? ready : list.questions.slice(0, 5).map((q) => ({ name: q.name, text: q.summary, params: q.example }));
  const item = (q) => el("li", {}, button(q.text, "ask " + q.name, () => ask(q.name, q.params), { class: "question" }));
  swap(node,
    el("h2", {}, "What would you like to know?"),
    el("p", {}, `Type a name into the box above: a platform, an agency, an operation, a place. Or begin with a question:`),
    el("ul", { class: "plain ready" }, shown.map(item)),
    el("details", {}, el("summary", { data: { key: "all questions" } }, `All ${list.questions.length} questions`),
      el("ul", { class: "plain ready" }, (ready.length >= 3 ? rest : list.questions).map((q) => item({ name: q.name, text: q.summary, params: q.example })))),
    el("p", { class: "about" }, `${about.title}: ${many(about.counts.claims, "claim")}, each with the document it was read in; where documents disagree, all of them stand. `,
      about.licence ? ["Licence: ", about.terms && /^https?:/.test(about.terms) ? el("a", { href: about.terms, rel: "license noreferrer" }, about.licence) : about.licence, ". "] : "",
      "Dataset ", el("code", {}, about.dataset.slice(0, 12)), "."));
}

/** question draws a question with its parameters and its answer. */
export async function question(node, state, act, still) {
  const q = await get("questions/" + encodeURIComponent(state.question));
  const inputs = q.params.map((p) => {
    const value = state.params[p.name] ?? "";
    const key = "param " + p.name;
    const input = p.enum?.length > 0
      ? el("select", { name: p.name, data: { key } }, el("option", { value: "" }, p.required ? "" : "all"), p.enum.map((v) => el("option", { value: v, selected: v === value }, v)))
      : p.type === "boolean"
        ? el("select", { name: p.name, data: { key } }, [["", "no"], ["true", "yes"]].map(([v, text]) => el("option", { value: v, selected: v === value }, text)))
        : el("input", { name: p.name, value, placeholder: p.wants, required: p.required, autocomplete: "off", spellcheck: "false", data: { key } });
    return el("label", {}, p.name + " ", input, el("small", {}, p.help));
  });
  const form = el("form", {
    class: "params", onsubmit: (e) => {
      e.preventDefault();
      act.ask(q.name, Object.fromEntries([...new FormData(e.target)].map(([k, v]) => [k, String(v)])));
    },
  }, inputs, inputs.length > 0 ? el("button", { type: "submit", class: "main", data: { key: "ask" } }, "Ask") : null);
  const head = [el("h2", {}, q.summary), form];
  let table;
  try {
    table = await all(`questions/${encodeURIComponent(q.name)}/answer`, Object.fromEntries(Object.entries(state.params).map(([k, v]) => ["param." + k, v])));
  } catch (e) {
    if (still()) swap(node, head, el("p", { class: "warning", role: "alert" }, e.message));
    return;
  }
  if (!still()) return;
  const things = new Set();
  for (const row of table.rows) {
    for (const c of table.columns) {
      if (["sources", "said_by", "claims"].includes(c.name)) continue;
      for (const v of [row[c.name]].flat()) if (isThing(v)) things.add(v.id);
    }
  }
  const title = `${number(table.count)} ${table.count === 1 ? "row" : "rows"}${table.tally ? `, ${table.tally.count} different in ${table.tally.column}` : ""}`;
  swap(node, head,
    table.rows.length === 0 ? el("p", {}, `No document here says anything about that${asKnown()}.`) : [
      el("div", { class: "buttons" },
        button(`Show as a graph (${many(things.size, "thing")})`, "answer graph", () => act.graph([...things])),
        button("Save as CSV", "answer csv", () => tableFile(q.name, table.columns, table.rows, "csv")),
        button("Save as JSON", "answer json", () => tableFile(q.name, table.columns, table.rows, "json")),
        el("span", {}, "with the claims behind it: ", act.files({ question: q.name, ...Object.fromEntries(Object.entries(state.params).map(([k, v]) => ["param." + k, v])) }, "answer"))),
      grid(title, table.columns, table.rows, act.open, "answer"),
      table.left_out.length > 0 ? el("details", {}, el("summary", { data: { key: "left out" } }, `What was left out (${number(table.left_out.length)}), and why`),
        el("ul", {}, table.left_out.map((l) => el("li", {}, [l.what, l.amount].filter(Boolean).map((v) => (v.name ?? v.text ?? v.id ?? "")).join(", ") + ": " + l.reason)))) : null]);
}
