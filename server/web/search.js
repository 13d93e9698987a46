// @ts-check
// The search box: a combobox that suggests things while one types.

import { byId, el, many } from "./dom.js";
import { get } from "./api.js";
import { textOf } from "./cells.js";

/** search wires the box; choose is told the thing that was chosen, fail an error. */
export function search(choose, fail) {
  const input = byId("q"), list = byId("found"), count = byId("found-count");
  let rows = [], at = -1, asked = "", asking = null, timer = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", "found-" + at);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (i) => {
    const row = rows[i];
    close();
    input.value = "";
    asked = "";
    count.textContent = "";
    choose(row.entity);
  };
  const draw = (table) => {
    rows = table.rows;
    list.replaceChildren(...rows.map((row, i) => el("li", {
      role: "option", id: "found-" + i, "aria-selected": "false",
      // The box keeps the focus: the press must not take it.
      onpointerdown: (e) => e.preventDefault(), onclick: () => take(i),
    }, el("span", { class: "name" }, textOf(row.entity)), el("span", { class: "class" }, row.class),
    row.matched && row.matched !== textOf(row.entity) ? el("span", { class: "matched" }, `${textOf(row.field)}: ${row.matched}`) : null)));
    list.dataset.text = asked;
    list.hidden = rows.length === 0;
    input.setAttribute("aria-expanded", String(rows.length > 0));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    const rest = table.count > rows.length ? ` of ${table.count}; type more to see the others` : "";
    count.textContent = rows.length === 0 ? `Nothing is called “${asked}”.` : many(rows.length, "suggestion") + rest + ".";
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    asking?.abort();
    if (text === "") {
      count.textContent = "";
      close();
      return;
    }
    asking = new AbortController();
    try {
      const table = await get("search", { q: text, limit: 12 }, asking.signal);
      if (text === asked) draw(table);
    } catch (e) {
      if (e.name === "AbortError") return;
      asked = "";
      close();
      fail(e);
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", async (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (list.hidden && rows.length > 0 && input.value.trim() === asked) {
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      }
      if (list.hidden || rows.length === 0) return;
      mark(e.key === "ArrowDown" ? (at + 1) % rows.length : at <= 0 ? rows.length - 1 : at - 1);
    } else if (e.key === "Enter") {
      e.preventDefault();
      clearTimeout(timer);
      await ask();
      if (rows.length > 0 && input.value.trim() === asked && asked !== "") take(Math.max(at, 0));
    } else if (e.key === "Escape") {
      if (list.hidden) input.value = "";
      asked = input.value.trim();
      close();
    }
  });
  byId("search").addEventListener("submit", (e) => e.preventDefault());
}
