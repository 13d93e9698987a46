// @ts-check
// One list of what to draw and two ways to draw it, so that the file shows what the screen does.

import { INK, look, outline, RIM } from "./looks.js";
import { lines } from "./known.js";

const CHAR = 6.6; // of the 12 px font, on the safe side
const LINE = 14;
const READABLE = 0.68; // a smaller scale writes names beside their boxes' size

/** measure is the label of a node in lines, and the box that it needs. */
export function measure(name, cls) {
  const rows = wrap(name);
  const widest = Math.max(...rows.map((row) => [...row].length));
  const round = look(cls).shape === "ellipse" ? 22 : 0; // its corners are cut; as in kg export svg
  return { rows, w: widest * CHAR + 18 + round, h: 22 + (rows.length - 1) * LINE };
}

function wrap(name) {
  const rows = [];
  for (const word of name.split(/\s+/).filter(Boolean)) {
    const last = rows.length - 1;
    if (last >= 0 && [...rows[last]].length + 1 + [...word].length <= 24) rows[last] += " " + word;
    else rows.push([...word].length > 28 ? [...word].slice(0, 27).join("") + "…" : word);
  }
  if (rows.length === 0) return ["(no name)"];
  if (rows.length > 3) {
    rows.length = 3;
    rows[2] += "…";
  }
  return rows;
}

/** scene makes the list: nodes are {id, name, class, x, y, picked, selected, pin}, links those of the API. */
export function scene(nodes, links, strong) {
  const boxes = nodes.map((n) => ({ ...n, ...measure(n.name, n.class) }));
  const by = new Map(boxes.map((b) => [b.id, b]));
  const all = lines(links);
  for (const [e] of all) for (const id of [e.from, e.to]) by.get(id).links = (by.get(id).links ?? 0) + 1;
  const both = new Set(all.map(([e]) => e.from + "\n" + e.to));
  const strokes = all.map((group) => {
    const a = by.get(group[0].from), b = by.get(group[0].to);
    let from = rim(a, b), to = rim(b, a);
    if (both.has(b.id + "\n" + a.id)) {
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const sx = (-(b.y - a.y) / length) * 4, sy = ((b.x - a.x) / length) * 4;
      from = [from[0] + sx, from[1] + sy];
      to = [to[0] + sx, to[1] + sy];
    }
    const names = [...new Set(group.map((e) => e.predicate.name || e.predicate.id))];
    return {
      a, b, from, to, dashed: group.every((e) => e.derived), strong: strong(a.id, b.id),
      label: names[0] + (names.length > 1 ? " +" + (names.length - 1) : ""),
      tip: `${a.name} ${names.join(", ")} ${b.name}`,
    };
  });
  place(boxes, strokes);
  return { boxes, strokes };
}

// place finds where along its line a label covers no box and no other label; one that has no room is not
// drawn, and the table has it. With more lines than that there is no room for any.
function place(boxes, strokes) {
  if (strokes.length > 150) return;
  const taken = boxes.map((b) => ({ x: b.x, y: b.y, w: b.w / 2, h: b.h / 2 }));
  for (const s of [...strokes].sort((p, q) => Number(q.strong) - Number(p.strong))) {
    const w = s.label.length * 2.5 + 2, h = 6, [fx, fy] = s.from, [tx, ty] = s.to;
    if (Math.hypot(tx - fx, ty - fy) < 24) continue;
    for (const t of [0.5, 0.4, 0.6, 0.3, 0.7]) {
      const x = fx + (tx - fx) * t, y = fy + (ty - fy) * t;
      if (taken.some((b) => Math.abs(b.x - x) < b.w + w && Math.abs(b.y - y) < b.h + h)) continue;
      taken.push({ x, y, w, h });
      s.at = [x, y];
      break;
    }
  }
}

// rim is where the line from the middle of a box to another leaves it.
function rim(a, b) {
  const dx = b.x - a.x, dy = b.y - a.y;
  if (dx === 0 && dy === 0) return [a.x, a.y];
  const by = Math.min(1, dx === 0 ? Infinity : (a.w / 2 + 2) / Math.abs(dx), dy === 0 ? Infinity : (a.h / 2 + 2) / Math.abs(dy));
  return [a.x + dx * by, a.y + dy * by];
}

function head(s, size = 1) {
  const dx = s.to[0] - s.from[0], dy = s.to[1] - s.from[1];
  const length = Math.hypot(dx, dy);
  if (length < 1) return null;
  const ux = dx / length, uy = dy / length, bx = s.to[0] - ux * 9 * size, by = s.to[1] - uy * 9 * size;
  return [s.to, [bx - uy * 4 * size, by + ux * 4 * size], [bx + uy * 4 * size, by - ux * 4 * size]];
}

/** frame is the box around a scene. */
export function frame(sc) {
  if (sc.boxes.length === 0) return { x: 0, y: 0, w: 100, h: 100 };
  const l = Math.min(...sc.boxes.map((b) => b.x - b.w / 2)), r = Math.max(...sc.boxes.map((b) => b.x + b.w / 2));
  const t = Math.min(...sc.boxes.map((b) => b.y - b.h / 2 - 8)), u = Math.max(...sc.boxes.map((b) => b.y + b.h / 2));
  return { x: l, y: t, w: r - l, h: u - t };
}

/** colours are those of the page, or those that the system forces upon it. */
export function colours(dark, forced) {
  if (forced) return { paper: "Canvas", line: "CanvasText", text: "CanvasText", strong: "Highlight", rim: "CanvasText", halo: "Canvas" };
  return dark
    ? { paper: "#12181d", line: "#8b99a5", text: "#c9d3db", strong: "#ffb454", rim: RIM.dark, halo: "#12181d" }
    : { paper: "#ffffff", line: "#7a8894", text: "#33404b", strong: "#a34700", rim: RIM.light, halo: "#ffffff" };
}

/** paint draws a scene on a canvas of width × height CSS pixels, as the camera {x, y, k} sees it. */
export function paint(ctx, sc, camera, width, height, ratio, c) {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = c.paper;
  ctx.fillRect(0, 0, width, height);
  ctx.setTransform(ratio * camera.k, 0, 0, ratio * camera.k, ratio * (width / 2 - camera.x * camera.k), ratio * (height / 2 - camera.y * camera.k));
  const sees = (x, y, pad) => Math.abs(x - camera.x) * camera.k < width / 2 + pad && Math.abs(y - camera.y) * camera.k < height / 2 + pad;
  // Boxes that are too small to read become marks of one size, with the names beside them.
  const small = camera.k < READABLE;
  const mark = (b) => (small ? { ...b, w: (b.selected ? 22 : 16) / camera.k, h: (b.selected ? 15 : 11) / camera.k, small: 1 / camera.k } : b);
  const strokes = small ? sc.strokes.map((s) => ({ ...s, from: rim(mark(s.a), s.b), to: rim(mark(s.b), s.a) })) : sc.strokes;
  const thin = small ? 1 / camera.k : 1;
  for (const strong of [false, true]) {
    for (const dashed of [false, true]) {
      ctx.beginPath();
      for (const s of strokes) {
        if (s.dashed !== dashed || s.strong !== strong) continue;
        ctx.moveTo(s.from[0], s.from[1]);
        ctx.lineTo(s.to[0], s.to[1]);
      }
      ctx.strokeStyle = strong ? c.strong : c.line;
      ctx.lineWidth = (strong ? 3 : small ? 0.8 : 1.2) * thin;
      ctx.setLineDash(dashed ? [5 * thin, 4 * thin] : []);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.beginPath();
    for (const s of strokes) {
      const h = s.strong === strong && head(s, small ? 0.7 * thin : 1);
      if (!h) continue;
      ctx.moveTo(h[0][0], h[0][1]);
      ctx.lineTo(h[1][0], h[1][1]);
      ctx.lineTo(h[2][0], h[2][1]);
      ctx.closePath();
    }
    ctx.fillStyle = strong ? c.strong : c.line;
    ctx.fill();
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  if (!small) {
    ctx.font = "10px Helvetica, Arial, sans-serif";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = c.halo;
    ctx.fillStyle = c.text;
    for (const s of sc.strokes) {
      if (!s.at || !sees(s.at[0], s.at[1], 60)) continue;
      ctx.strokeText(s.label, s.at[0], s.at[1]);
      ctx.fillText(s.label, s.at[0], s.at[1]);
    }
  }
  for (const box of sc.boxes) {
    if (!sees(box.x, box.y, 200)) continue;
    const b = mark(box);
    trace(ctx, b, 0);
    ctx.fillStyle = look(b.class).colour;
    ctx.fill();
    ctx.lineWidth = (b.picked || b.selected ? 3 : 1.2) * thin;
    ctx.strokeStyle = b.picked || b.selected ? c.strong : c.rim;
    ctx.stroke();
    if (b.selected) {
      trace(ctx, b, 4 * thin);
      ctx.lineWidth = 2 * thin;
      ctx.setLineDash(b.focus ? [] : [3 * thin, 3 * thin]);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    if (b.pin) {
      ctx.beginPath();
      ctx.arc(b.x + b.w / 2 - 3 * thin, b.y - b.h / 2 + 3 * thin, 4 * thin, 0, 7);
      ctx.fillStyle = c.rim;
      ctx.fill();
    }
    if (!small) {
      ctx.font = (b.selected ? "bold " : "") + "12px Helvetica, Arial, sans-serif";
      ctx.fillStyle = INK;
      b.rows.forEach((row, i) => ctx.fillText(row, b.x, b.y + (i - (b.rows.length - 1) / 2) * LINE, b.w - 8));
    }
  }
  if (small) labels(ctx, sc, camera, width, height, ratio, c);
}

// labels writes names in a size that can be read when the boxes are too small for them: first those of
// what is selected, picked or much linked, then whatever has room.
function labels(ctx, sc, camera, width, height, ratio, c) {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.font = "11px Helvetica, Arial, sans-serif";
  ctx.lineWidth = 3;
  ctx.lineJoin = "round";
  const rank = (b) => (b.selected ? 1e6 : 0) + (b.picked ? 1e5 : 0) + (b.links ?? 0);
  const taken = sc.boxes.map((b) => ({ x: (b.x - camera.x) * camera.k + width / 2, y: (b.y - camera.y) * camera.k + height / 2, half: 8 }));
  for (const b of [...sc.boxes].sort((p, q) => rank(q) - rank(p))) {
    const letters = [...b.name], name = letters.length > 30 ? letters.slice(0, 29).join("") + "…" : b.name;
    const middle = (b.x - camera.x) * camera.k + width / 2, y = (b.y - camera.y) * camera.k + height / 2 + 15;
    const half = ctx.measureText(name).width / 2 + 3;
    if (middle < 0 || middle > width || y < 0 || y > height + 15) continue;
    const x = Math.max(half, Math.min(width - half, middle)); // a name at the edge stays whole
    if (taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < 14)) continue;
    taken.push({ x, y, half });
    ctx.strokeStyle = c.halo;
    ctx.strokeText(name, x, y);
    ctx.fillStyle = c.text;
    ctx.fillText(name, x, y);
  }
}

function trace(ctx, b, grow) {
  ctx.beginPath();
  const corners = outline(b.class, b.x, b.y, b.w + 2 * grow, b.h + 2 * grow, b.small);
  if (!corners) ctx.ellipse(b.x, b.y, b.w / 2 + grow, b.h / 2 + grow, 0, 0, 7);
  else {
    corners.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
    ctx.closePath();
  }
}

/** xml is text for a picture's file. What XML has no room for becomes a mark that something was there. */
export function xml(text) {
  return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

/** picture writes a scene as SVG, with a title and the lines that tell where it is from. */
export function picture(sc, title, footer) {
  const f = frame(sc), pad = 30, top = 40;
  const width = Math.max(480, f.w + 2 * pad), height = f.h + 2 * pad + top + footer.length * 16;
  const mx = pad - f.x, my = pad + top - f.y;
  const p = ([x, y]) => `${(x + mx).toFixed(1)},${(y + my).toFixed(1)}`;
  const c = colours(false, false);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(0)}" height="${height.toFixed(0)}" viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${xml(title)}</title>`, `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${pad}" y="28" font-size="16" font-weight="bold" fill="${INK}">${xml(title)}</text>`,
  ];
  for (const s of sc.strokes) {
    const colour = s.strong ? c.strong : c.line, h = head(s);
    out.push(`<g><title>${xml(s.tip)}</title><path d="M${p(s.from)} ${p(s.to)}" stroke="${colour}" stroke-width="${s.strong ? 3 : 1.2}"${s.dashed ? ' stroke-dasharray="5 4"' : ""}/>`
      + (h ? `<path d="M${h.map(p).join(" ")}Z" fill="${colour}"/>` : "")
      + (s.at ? `<text x="${(s.at[0] + mx).toFixed(1)}" y="${(s.at[1] + my + 3).toFixed(1)}" font-size="10" text-anchor="middle" fill="${c.text}" stroke="#ffffff" stroke-width="3" paint-order="stroke">${xml(s.label)}</text>` : "") + "</g>");
  }
  for (const b of sc.boxes) {
    const corners = outline(b.class, b.x, b.y, b.w, b.h);
    const style = `fill="${look(b.class).colour}" stroke="${b.picked ? c.strong : c.rim}" stroke-width="${b.picked ? 3 : 1.2}"`;
    out.push(`<g><title>${xml((b.class || "thing") + ": " + b.name)}</title>`
      + (corners ? `<path d="M${corners.map(p).join(" ")}Z" ${style}/>`
        : `<ellipse cx="${(b.x + mx).toFixed(1)}" cy="${(b.y + my).toFixed(1)}" rx="${(b.w / 2).toFixed(1)}" ry="${(b.h / 2).toFixed(1)}" ${style}/>`)
      + b.rows.map((row, i) => `<text x="${(b.x + mx).toFixed(1)}" y="${(b.y + my + 4 + (i - (b.rows.length - 1) / 2) * LINE).toFixed(1)}" text-anchor="middle" fill="${INK}">${xml(row)}</text>`).join("") + "</g>");
  }
  footer.forEach((line, i) => out.push(`<text x="${pad}" y="${(height - pad / 2 - (footer.length - 1 - i) * 16).toFixed(0)}" font-size="10" fill="#47545f">${xml(line)}</text>`));
  out.push("</svg>");
  return out.join("\n");
}
