// @ts-check
// The clock: by when all that is shown was known. It is a part of the address, like everything else.

import { button, byId, el, many, number, swap } from "./dom.js";
import { get } from "./api.js";

const DATE = /^[1-9]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** isDate says whether a text is a day, a month or a year. */
export function isDate(text) {
  if (!DATE.test(text)) return false;
  if (text.length < 10) return true;
  const d = new Date(text + "T00:00:00Z");
  return !Number.isNaN(d.getTime()) && d.toISOString().startsWith(text);
}

/** listen has set called with a date, or "" for today, when someone gives one. */
export function listen(set) {
  byId("clock").addEventListener("submit", (e) => {
    e.preventDefault();
    const input = byId("known"), text = input.value.trim();
    const good = text === "" || text === "today" || isDate(text);
    input.setAttribute("aria-invalid", String(!good));
    byId("clock-fault").textContent = good ? "" : `Want a date like 2020-07-02, 2020-07 or 2020, found “${text}”.`;
    if (good) set({ known: text === "today" ? "" : text, undated: false });
  });
}

/** drawClock shows by when, and what that leaves out; set changes it. */
export async function drawClock(state, set, still) {
  const input = byId("known"), bar = byId("clock-bar");
  if (document.activeElement !== input || input.getAttribute("aria-invalid") !== "true") {
    input.value = state.known;
    input.setAttribute("aria-invalid", "false");
    byId("clock-fault").textContent = "";
  }
  bar.hidden = state.known === "";
  if (state.known === "") return;
  const { counts } = await get("clock");
  if (!still()) return;
  const left = [
    [counts.later, `${number(counts.later)} published later`],
    [counts.undated, `${number(counts.undated)} in ${many(counts.undated_documents, "document")} without a date`],
    [counts.premises, `${number(counts.premises)} concluded from those`],
  ].filter(([n]) => n > 0).map(([, words]) => words);
  swap(bar,
    el("p", {}, el("strong", {}, `As known on ${state.known}`), `: ${number(counts.kept)} of ${many(counts.claims, "claim")}.`,
      left.length > 0 ? ` Left out: ${left.join(", ")}.` : ""),
    el("div", { class: "buttons" },
      counts.undated > 0 || state.undated
        ? button("Keep what has no date", "clock undated", () => set({ undated: !state.undated }), { class: "small", "aria-pressed": String(state.undated) }) : null,
      button("Back to today", "clock today", () => set({ known: "", undated: false }), { class: "small" })));
}
