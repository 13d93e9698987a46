// @ts-check
// The card of a thing: every claim about it, who says so, where it was read, and what contradicts it.

import { button, byId, el, many, number, say, swap } from "./dom.js";
import { all, asKnown, get } from "./api.js";
import { show, textOf } from "./cells.js";
import { plural, STEP } from "./known.js";

const TITLES = { "what it is": "What it is", figures: "Figures", claims: "Claims", derived: "Concluded by the program" };

/** card draws the card of a thing; act is what its buttons do, here counts
 * by class which of its neighbours are in the picture, still says whether the card is still wanted. */
export async function card(node, id, act, here, inGraph, picked, still) {
  const [table, around, disputes] = await Promise.all([all("entity", { id }), get("expand", { id, limit: 1 }), all("conflicts", { id })]);
  if (!still()) return false;
  const e = table.entity;
  const sections = new Map();
  for (const row of table.rows) {
    if (!sections.has(row.section)) sections.set(row.section, []);
    sections.get(row.section).push(row);
  }
  const conflicts = table.rows.filter(disagrees);
  swap(node,
    el("div", { class: "card-head" },
      el("h2", { id: "card-title", tabindex: "-1" }, e.name || e.id),
      button("Close", "close card", act.close, { class: "quiet", "aria-label": "Close the card of " + (e.name || e.id) })),
    el("p", { class: "about" }, [e.class_name || "thing", ...e.kinds.map(textOf)].join(" · "),
      e.names.length > 0 ? " · also called " + e.names.join(", ") : "", " · ", el("code", {}, e.id)),
    e.conflicts > 0 || conflicts.length > 0
      ? el("p", { class: "warning" }, `⚠ ${many(Math.max(e.conflicts, conflicts.length), "value")} contradict another; all of them stand below.`) : null,
    el("div", { class: "buttons" },
      button(inGraph ? "In the graph" : "Put into the graph", "card add", () => act.add(id), { class: inGraph ? null : "main" }),
      button(picked ? "Not an end of a path" : "Path from or to this", "card pick", () => act.pick(id), { "aria-pressed": String(picked) }),
      button("Timeline of this", "card timeline", () => act.of(id, "timeline")),
      ["Platform", "Agency", "Operation", "Item", "Location"].includes(e.class) ? button("Seizures of this", "card charts", () => act.of(id, "charts")) : null),
    neighbours(id, around, act, here),
    disagreements(disputes.rows, act),
    [...sections].map(([name, rows]) => el("section", { class: "claims" },
      el("h3", {}, `${TITLES[name] ?? name} (${number(rows.length)})`), groups(rows, id, e, act))),
    el("p", { class: "about" }, "As a file: ", act.files({ id, depth: 1 }, "card")));
  return true;
}

// disagreements says where documents contradict each other: by how much, which value is preferred, and by
// what rule.
function disagreements(rows, act) {
  if (rows.length === 0) return null;
  const one = (row) => el("li", { class: "conflict" },
    el("span", { class: "on" }, show(row.figure, act.open)), " ", el("span", { class: "predicate" }, textOf(row.predicate)), " ",
    el("span", { class: "value" }, show(row.preferred, act.open)), row.rule ? el("span", { class: "standing" }, `preferred: ${row.rule}`) : null,
    el("span", { class: "said" }, row.kind === "what is counted" ? "counted as something else: " : "others say ", show(row.others, act.open)),
    el("span", { class: "said" }, [row.spread ? `${textOf(row.spread)} apart` : "", row.origins ? `${many(row.origins, "origin")}` : "", [textOf(row.preferred_claim), ...row.other_claims.map(textOf)].join(", ")].filter(Boolean).join(" · ")));
  const list = (some) => el("ul", { class: "facts" }, some.map(one));
  return el("section", { class: "disagreements" }, el("h3", {}, `Where documents disagree (${number(rows.length)})`), list(rows.slice(0, 3)),
    rows.length > 3 ? el("details", {}, el("summary", { data: { key: "more disagreements" } }, `${number(rows.length - 3)} more`), list(rows.slice(3))) : null);
}

function disagrees(row) {
  return /conflicts with/.test(row.standing ?? "");
}

function neighbours(id, around, act, here) {
  if (around.total === 0) return el("p", { class: "about" }, "Nothing lies around it.");
  const one = (cls, count, name) => {
    const there = Math.min(here.get(cls) ?? 0, count);
    const text = there === 0 ? `Show ${Math.min(STEP, count)}` : there >= count ? "All" : "Show more";
    return el("li", {},
      button(text, "more " + cls, () => act.expand(id, cls), { disabled: there >= count, class: "small", "aria-label": `${text}: ${name}` }),
      ` ${name} `, el("span", { class: "count" }, `${number(there)} of ${number(count)}`));
  };
  return el("section", { class: "around" },
    el("h3", {}, `Around it (${number(around.total)})`),
    el("ul", { class: "plain" }, one("", around.total, "all"),
      around.classes.length > 1 ? around.classes.map((c) => one(c.class, c.count, plural(c.class))) : null));
}

// Rows on one figure, or on one predicate, stand together.
function groups(rows, id, e, act) {
  return el("ul", { class: "facts" }, rows.map((row, i) => {
    const about = row.about && (i === 0 || rows[i - 1].about?.id !== row.about.id) ? row.about : null;
    const claims = (row.claims ?? []).map(textOf);
    return [
      about ? el("li", { class: "on" }, show(about, act.open)) : null,
      el("li", { class: (row.about ? "of " : "") + (disagrees(row) ? "conflict" : "") },
        el("span", { class: "predicate" }, textOf(row.predicate)), " ", el("span", { class: "value" }, show(row.value, act.open)),
        row.reported_as ? el("q", {}, row.reported_as) : null,
        row.standing ? el("span", { class: "standing" }, (disagrees(row) ? "⚠ " : "") + row.standing) : null,
        row.rule ? el("span", { class: "standing" }, "rule: " + row.rule) : null,
        row.said_by.length > 0 || row.sources.length > 0 ? el("span", { class: "said" },
          row.said_by.length > 0 ? ["said by ", show(row.said_by, act.open), row.sources.length > 0 ? ", in " : ""] : "read in ",
          show(row.sources, act.open)) : null,
        claims.length > 0 ? el("span", { class: "said" }, el("code", {}, claims.join(", ")), " ",
          button("Cite", `cite ${row.section} ${i}`, () => cite(e, row), { class: "small", "aria-label": `Cite: ${textOf(row.predicate)} ${textOf(row.value)}` })) : null),
    ];
  }));
}

/** cite puts a citation of a row into the clipboard, and shows it. */
async function cite(e, row) {
  const text = await citation(e, row);
  const dialog = byId("citation");
  byId("citation-text").value = text;
  dialog.showModal();
  byId("citation-text").select();
  try {
    await navigator.clipboard.writeText(text);
    byId("citation-said").textContent = "Copied.";
    say("Citation copied.");
  } catch {
    byId("citation-said").textContent = "The browser did not let the page copy it: press Ctrl+C.";
  }
}

// citation says a claim as a sentence with who, where, when and the claim's name in this dataset.
async function citation(e, row) {
  const about = await get("");
  const subject = row.about ? `${e.name || e.id}: ${textOf(row.about)}` : e.name || e.id;
  const out = [`${subject}, ${textOf(row.predicate)}: ${textOf(row.value)}${row.reported_as ? ` (“${row.reported_as}”)` : ""}.`];
  if (row.said_by.length > 0) out.push(`Said by ${row.said_by.map(textOf).join(", ")}.`);
  for (const source of row.sources) out.push(await document_(source));
  if (disagrees(row)) out.push(`Not undisputed: ${row.standing}.`);
  out.push(`${row.claims.length === 1 ? "Claim" : "Claims"} ${row.claims.map(textOf).join(", ")}; ${about.title}, dataset ${about.dataset.slice(0, 12)}${asKnown(", as known on ")}.`);
  return out.join(" ");
}

async function document_(source) {
  try {
    const table = await get("entity", { id: source.id });
    const of = (predicate) => table.rows.filter((r) => r.predicate?.id === predicate).map((r) => textOf(r.value))[0];
    return [`“${textOf(source)}”`, of("dcterms:publisher"), of("dcterms:issued") ?? "undated", of("schema:url")].filter(Boolean).join(", ") + ".";
  } catch {
    return `“${textOf(source)}” (${source.id}).`;
  }
}
