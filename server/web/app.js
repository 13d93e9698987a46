// @ts-check
// A first page: search, and the list of questions.

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {HTMLElement} list @param {string} text @param {string} address */
function entry(list, text, address) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = text;
  item.append(link);
  list.append(item);
}

/** @param {string} address */
async function ask(address) {
  const answer = await fetch(address);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error.message);
  return body;
}

async function search() {
  const text = /** @type {HTMLInputElement} */ (at("q")).value;
  at("hits").replaceChildren();
  if (!text.trim()) return;
  try {
    const table = await ask("/api/kg/search?q=" + encodeURIComponent(text));
    at("status").textContent = `${table.count} found`;
    for (const row of table.rows) entry(at("hits"), `${row.entity.name} (${row.class})`, "/api/kg/entity?id=" + encodeURIComponent(row.entity.id));
  } catch (error) {
    at("status").textContent = String(/** @type {Error} */ (error).message);
  }
}

at("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});

const list = await ask("/api/kg/questions");
for (const q of list.questions) entry(at("questions"), q.summary, q.answer);
