// @ts-check
// Where things stand in the picture. Nothing is drawn by lot: the same things and links get the same
// places. The way is that of kg export svg: nodes start on a sunflower's spiral, repel each other, links
// pull, and all calm down; then boxes that cover each other are pushed apart.

const LENGTH = 120; // of a link, about
const GAP = 10;
const GOLDEN = 2.399963229728653;

/** arrange places nodes ({id, w, h, x?, y?, pin?, fresh?}) with links ([index, index]). Those that have a
 * place and are not fresh keep it, or nearly; pinned ones keep it exactly. */
export function arrange(nodes, links) {
  if (nodes.every((n) => n.fresh)) spiral(nodes, links);
  else seat(nodes, links);
  const rounds = nodes.length > 150 ? 120 : 260;
  const degree = nodes.map(() => 1);
  for (const [a, b] of links) { degree[a]++; degree[b]++; }
  for (let round = 0; round < rounds; round++) {
    const heat = LENGTH * (1 - round / rounds);
    const moves = repel(nodes);
    for (const [a, b] of links) pull(nodes, moves, a, b, degree);
    nodes.forEach((n, i) => {
      const [mx, my] = moves[i];
      const length = Math.hypot(mx, my);
      if (n.pin || length === 0) return;
      const step = Math.min(length, n.fresh ? heat : 0);
      n.x += (mx / length) * step;
      n.y += (my / length) * step;
    });
  }
  // A picture is wider than high.
  if (nodes.every((n) => n.fresh)) for (const n of nodes) { n.x *= 1.35; }
  separate(nodes);
  for (const n of nodes) { n.x = Math.round(n.x); n.y = Math.round(n.y); }
}

function spiral(nodes, links) {
  const degree = nodes.map(() => 0);
  for (const [a, b] of links) { degree[a]++; degree[b]++; }
  const order = nodes.map((_, i) => i).sort((a, b) => degree[b] - degree[a] || a - b);
  order.forEach((node, rank) => {
    const r = LENGTH * 0.5 * Math.sqrt(rank);
    nodes[node].x = r * Math.cos(rank * GOLDEN);
    nodes[node].y = r * Math.sin(rank * GOLDEN);
  });
}

// seat puts fresh nodes around the neighbours that have a place, away from the middle of the rest.
function seat(nodes, links) {
  const settled = nodes.filter((n) => !n.fresh);
  const cx = settled.reduce((s, n) => s + n.x, 0) / settled.length;
  const cy = settled.reduce((s, n) => s + n.y, 0) / settled.length;
  const around = nodes.map(() => []);
  for (const [a, b] of links) { around[a].push(b); around[b].push(a); }
  let rank = 0;
  nodes.forEach((n, i) => {
    if (!n.fresh) return;
    const near = around[i].map((j) => nodes[j]).filter((m) => !m.fresh);
    const px = near.length > 0 ? near.reduce((s, m) => s + m.x, 0) / near.length : cx;
    const py = near.length > 0 ? near.reduce((s, m) => s + m.y, 0) / near.length : cy;
    const out = Math.atan2(py - cy, px - cx);
    const angle = out + rank * GOLDEN;
    const r = LENGTH * (0.6 + 0.12 * Math.sqrt(rank));
    n.x = px + r * Math.cos(angle);
    n.y = py + r * Math.sin(angle);
    rank++;
  });
}

function pull(nodes, moves, a, b, degree) {
  const dx = nodes[b].x - nodes[a].x, dy = nodes[b].y - nodes[a].y;
  const length = Math.hypot(dx, dy);
  // A hub's links may be longer, or its neighbours would lie on each other.
  const want = LENGTH * (0.8 + 0.08 * Math.sqrt(Math.max(degree[a], degree[b])));
  const by = (length / want) * 0.5;
  moves[a][0] += dx * by; moves[a][1] += dy * by;
  moves[b][0] -= dx * by; moves[b][1] -= dy * by;
}

// repel is plain: a view holds a few hundred nodes at most. Names are wider than high, so nodes keep
// farther apart sideways.
function repel(nodes) {
  const moves = nodes.map(() => [0, 0]);
  for (let i = 0; i < nodes.length; i++) {
    for (let j = i + 1; j < nodes.length; j++) {
      let dx = nodes[i].x - nodes[j].x, dy = (nodes[i].y - nodes[j].y) * 1.35;
      let distance = Math.hypot(dx, dy);
      if (distance < 1) {
        dx = Math.cos(i + j); dy = Math.sin(i + j); distance = 1;
      }
      const by = (LENGTH * LENGTH * 0.5) / (distance * distance);
      moves[i][0] += dx * by; moves[i][1] += dy * by;
      moves[j][0] -= dx * by; moves[j][1] -= dy * by;
    }
  }
  return moves;
}

// separate pushes boxes apart, the shorter way; pinned ones stay.
function separate(nodes) {
  for (let round = 0; round < 150; round++) {
    let moved = false;
    for (let i = 0; i < nodes.length; i++) {
      for (let j = i + 1; j < nodes.length; j++) {
        const a = nodes[i], b = nodes[j];
        const dx = (a.w + b.w) / 2 + GAP - Math.abs(b.x - a.x);
        const dy = (a.h + b.h) / 2 + GAP - Math.abs(b.y - a.y);
        if (dx <= 0 || dy <= 0 || (a.pin && b.pin)) continue;
        moved = true;
        const share = a.pin ? 0 : b.pin ? 1 : 0.5;
        if (dy <= dx) {
          const by = b.y >= a.y ? dy : -dy;
          a.y -= by * share; b.y += by * (1 - share);
        } else {
          const by = b.x >= a.x ? dx : -dx;
          a.x -= by * share; b.x += by * (1 - share);
        }
      }
    }
    if (!moved) return;
  }
}
