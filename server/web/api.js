// @ts-check
// The API of the server that sent the page. Answers are kept while the page is open: the dataset does
// not change without a new digest, and then a reload of the page asks again.

import { byId } from "./dom.js";

const BASE = new URL("api/kg/", document.baseURI);
const kept = new Map();
const CLOCKED = /^(questions\/[^/]+\/answer|clock|conflicts|entity|expand|export|graph|path|search|sum|timeline)$/;
let waiting = 0;
let clock = { known: "", undated: false };

/** setClock chooses by when all was known that is asked for from now on; known "" is today. */
export function setClock(known, undated) {
  clock = { known, undated };
}

/** asKnown is " as known on …", or nothing today, for the words of a page and the names of files. */
export function asKnown(before = " as known on ") {
  return clock.known === "" ? "" : before + clock.known + (clock.undated ? " or undated" : "");
}

/** isNow says whether an answer is from the time that the page shows. */
export function isNow(answer) {
  return (answer.clock?.known_at ?? "") === clock.known && (answer.clock?.undated ?? false) === clock.undated;
}

/** An APIError is an error that the server told. */
class APIError extends Error {
  constructor(status, body) {
    const e = body?.error ?? {};
    const closest = (e.suggestions ?? []).map((s) => s.name ?? s.id).join(", ");
    super((e.message ?? "the server answered with status " + status) + (closest ? "; did you mean " + closest + "?" : ""));
    this.status = status;
    this.id = e.id ?? "";
  }
}

/** address is where the API answers: params with several values are given again for each. */
export function address(path, params = {}) {
  const url = new URL(path.startsWith("/") ? path.slice(1) : path, BASE);
  const asked = CLOCKED.test(path) && clock.known !== "" ? { ...params, known_at: clock.known, undated: clock.undated ? "true" : "" } : params;
  for (const [name, value] of Object.entries(asked)) {
    for (const v of Array.isArray(value) ? value : [value]) {
      if (v !== "" && v !== null && v !== undefined) url.searchParams.append(name, String(v));
    }
  }
  return url;
}

/** get asks for JSON. The same question is asked once; an answer that failed is asked again. */
export function get(path, params = {}, signal = undefined) {
  const url = address(path, params).href;
  if (kept.has(url)) return kept.get(url);
  const answer = ask(url, signal).then((r) => r.json());
  kept.set(url, answer);
  answer.catch(() => kept.delete(url));
  return answer;
}

/** own asks for a file of the page itself. */
export function own(name) {
  return get(new URL(name, document.baseURI).href);
}

/** file asks for a file and returns it with its name and the notes on what it leaves out. */
export async function file(path, params) {
  const r = await ask(address(path, params).href);
  const name = /filename="?([^";]+)/.exec(r.headers.get("Content-Disposition") ?? "")?.[1];
  const note = r.headers.get("Kg-Note");
  return { blob: await r.blob(), name, note: note ? decodeURIComponent(note) : "" };
}

/** all asks for every page of a table. */
export async function all(path, params = {}) {
  const table = { ...(await get(path, { ...params, limit: 10000 })) };
  let next = table.page?.next;
  while (next) {
    const more = await get(new URL(next, BASE).href.replace(BASE.href, ""));
    table.rows = table.rows.concat(more.rows);
    next = more.page?.next;
  }
  return table;
}

async function ask(url, signal) {
  busy(1);
  try {
    let r;
    try {
      r = await fetch(url, { signal });
    } catch (e) {
      if (e instanceof DOMException && e.name === "AbortError") throw e;
      throw new Error("the server does not answer; is kg serve still running?");
    }
    if (!r.ok) throw new APIError(r.status, await r.json().catch(() => null));
    return r;
  } finally {
    busy(-1);
  }
}

// Only a wait that people notice is shown.
function busy(by) {
  waiting += by;
  setTimeout(() => {
    byId("busy").hidden = waiting === 0;
    document.body.setAttribute("aria-busy", String(waiting > 0));
  }, waiting > 0 ? 250 : 0);
}
