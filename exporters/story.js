"use strict";
// The page is whole without this script; it only lets a reader narrow the tables down.
(() => {
  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const cards = Array.from(document.querySelectorAll(".card"), (card) => ({ card, text: card.textContent.toLowerCase() }));
  if (!filter || cards.length === 0) return;
  filter.closest("p").hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { card, text } of cards) {
      const fits = words.every((word) => text.includes(word));
      card.hidden = !fits;
      if (fits) count++;
    }
    shown.textContent = words.length === 0 ? "" : count + " of " + cards.length + " shown";
  });
  // A link to a thing that the filter hides shows all again.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.hidden) {
      filter.value = "";
      filter.dispatchEvent(new Event("input"));
      target.scrollIntoView();
    }
  });
})();
