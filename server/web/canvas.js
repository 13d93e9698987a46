// @ts-check
// The picture on the screen: what the pointer and the keys do with it. All of it can be done in the
// tables too.

import { byId } from "./dom.js";
import { colours, frame, paint } from "./draw.js";

/** Canvas shows a scene; on is what it tells: select(id), expand(id), pick(id), pin(id), remove(id),
 * collapse(id), move(id, x, y), undo(), help(). */
export class Canvas {
  constructor(node, on) {
    this.node = node;
    this.on = on;
    this.scene = { boxes: [], strokes: [] };
    this.camera = { x: 0, y: 0, k: 1 };
    this.drag = null;
    this.click = null; // the last one, for the second of two
    this.pointers = new Map();
    const later = () => this.paint();
    new ResizeObserver(() => { this.fitOnce(); this.paint(); }).observe(node);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", later);
    node.addEventListener("focus", later);
    node.addEventListener("blur", later);
    node.addEventListener("pointerdown", (e) => this.down(e));
    node.addEventListener("pointermove", (e) => this.moved(e));
    node.addEventListener("pointerup", (e) => this.up(e));
    node.addEventListener("pointercancel", (e) => { this.pointers.delete(e.pointerId); this.drag = null; });
    node.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    node.addEventListener("keydown", (e) => this.key(e));
  }

  /** show draws a scene; a picture that had nothing is fitted. */
  show(scene) {
    const first = this.scene.boxes.length === 0;
    this.scene = scene;
    if (first || this.wantsFit) this.fit();
    this.keepInView();
    this.paint();
  }

  size() {
    return { w: this.node.clientWidth, h: this.node.clientHeight };
  }

  fitOnce() {
    if (this.wantsFit) this.fit();
  }

  /** fit shows all. */
  fit() {
    const { w, h } = this.size();
    this.wantsFit = w === 0;
    const f = frame(this.scene);
    this.camera = { x: f.x + f.w / 2, y: f.y + f.h / 2, k: Math.max(0.12, Math.min(1.25, (w - 40) / f.w, (h - 40) / f.h)) };
    this.paint();
  }

  // What was selected by a key or in a table is brought into the picture.
  keepInView() {
    const b = this.scene.boxes.find((box) => box.selected);
    const { w, h } = this.size();
    if (!b || w === 0) return;
    const x = (b.x - this.camera.x) * this.camera.k, y = (b.y - this.camera.y) * this.camera.k;
    if (Math.abs(x) > w / 2 - 20) this.camera.x = b.x;
    if (Math.abs(y) > h / 2 - 20) this.camera.y = b.y;
  }

  zoom(by, x = 0, y = 0) {
    const k = Math.max(0.1, Math.min(4, this.camera.k * by));
    this.camera.x += x / this.camera.k - x / k;
    this.camera.y += y / this.camera.k - y / k;
    this.camera.k = k;
    this.paint();
  }

  paint() {
    const { w, h } = this.size();
    if (w === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (this.node.width !== Math.round(w * ratio) || this.node.height !== Math.round(h * ratio)) {
      this.node.width = Math.round(w * ratio);
      this.node.height = Math.round(h * ratio);
    }
    const c = colours(matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("(forced-colors: active)").matches);
    const focus = document.activeElement === this.node;
    for (const b of this.scene.boxes) b.focus = focus;
    paint(this.node.getContext("2d"), this.scene, this.camera, w, h, ratio, c);
  }

  // world is the point of the picture under the pointer.
  world(e) {
    const r = this.node.getBoundingClientRect();
    return [(e.clientX - r.left - r.width / 2) / this.camera.k + this.camera.x, (e.clientY - r.top - r.height / 2) / this.camera.k + this.camera.y];
  }

  at(e) {
    const [x, y] = this.world(e);
    return this.scene.boxes.findLast((b) => Math.abs(b.x - x) <= Math.max(b.w / 2, 12 / this.camera.k) && Math.abs(b.y - y) <= Math.max(b.h / 2, 12 / this.camera.k));
  }

  down(e) {
    if (e.button !== 0) return;
    this.node.setPointerCapture(e.pointerId);
    this.pointers.set(e.pointerId, e);
    const b = this.at(e);
    this.drag = { x: e.clientX, y: e.clientY, far: false, box: b, camera: { ...this.camera }, from: b ? [b.x, b.y] : null };
  }

  moved(e) {
    if (!this.pointers.has(e.pointerId)) {
      const b = this.at(e);
      this.node.title = b ? b.name : "";
      this.node.classList.toggle("over", Boolean(b));
      return;
    }
    const before = [...this.pointers.values()];
    this.pointers.set(e.pointerId, e);
    if (before.length === 2) {
      const now = [...this.pointers.values()];
      const gap = (p) => Math.hypot(p[0].clientX - p[1].clientX, p[0].clientY - p[1].clientY);
      this.zoom(gap(now) / (gap(before) || 1));
      this.drag = null;
      return;
    }
    const d = this.drag;
    if (!d) return;
    const dx = e.clientX - d.x, dy = e.clientY - d.y;
    if (!d.far && Math.hypot(dx, dy) < 5) return;
    d.far = true;
    if (d.box) this.on.drag(d.box.id, d.from[0] + dx / this.camera.k, d.from[1] + dy / this.camera.k);
    else {
      this.camera.x = d.camera.x - dx / this.camera.k;
      this.camera.y = d.camera.y - dy / this.camera.k;
      this.paint();
    }
  }

  up(e) {
    this.pointers.delete(e.pointerId);
    const d = this.drag;
    this.drag = null;
    if (!d) return;
    // The card that the first click of two opens may move the picture, so the second counts for the thing
    // that the first one hit, wherever that is by now.
    const before = this.click;
    this.click = d.far || !d.box || e.shiftKey || e.ctrlKey || e.metaKey ? null : { id: d.box.id, x: e.clientX, y: e.clientY, at: e.timeStamp };
    if (!d.far && before && e.timeStamp - before.at < 450 && Math.hypot(e.clientX - before.x, e.clientY - before.y) < 8) {
      this.click = null;
      this.on.expand(before.id);
      return;
    }
    if (d.far && d.box) {
      this.on.move(d.box.id, d.from[0] + (e.clientX - d.x) / this.camera.k, d.from[1] + (e.clientY - d.y) / this.camera.k);
    } else if (!d.far && d.box) {
      if (e.shiftKey || e.ctrlKey || e.metaKey) this.on.pick(d.box.id);
      else this.on.select(d.box.id);
    }
  }

  wheel(e) {
    // Without a key, the wheel scrolls the page until the picture has the focus.
    if (!e.ctrlKey && !e.metaKey && document.activeElement !== this.node) return;
    e.preventDefault();
    const r = this.node.getBoundingClientRect();
    this.zoom(Math.exp(-e.deltaY * 0.0015), e.clientX - r.left - r.width / 2, e.clientY - r.top - r.height / 2);
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const selected = this.scene.boxes.find((b) => b.selected);
    const walk = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[e.key];
    const act = {
      Enter: "expand", " ": "pick", p: "pin", Delete: "remove", c: "collapse",
    }[e.key];
    if (walk) this.walk(selected, walk);
    else if (act && selected) this.on[act](selected.id);
    else if (e.key === "Backspace") this.on.undo();
    else if (e.key === "+" || e.key === "=") this.zoom(1.25);
    else if (e.key === "-") this.zoom(0.8);
    else if (e.key === "0") this.fit();
    else if (e.key === "?") this.on.help();
    else if (e.key === "/") byId("q").focus();
    else return;
    e.preventDefault();
  }

  // walk goes to the neighbour that lies best in a direction, or to the nearest thing there.
  walk(from, [dx, dy]) {
    if (!from) {
      const first = this.scene.boxes[0];
      if (first) this.on.select(first.id);
      return;
    }
    const near = new Set(this.on.neighbours(from.id));
    let best = null, least = Infinity;
    for (const b of this.scene.boxes) {
      if (b === from) continue;
      const x = b.x - from.x, y = b.y - from.y;
      const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (along <= 0 || aside > along * 2.5) continue;
      const cost = (along + 2 * aside) * (near.has(b.id) ? 1 : 3);
      if (cost < least) { least = cost; best = b; }
    }
    if (best) this.on.select(best.id);
  }
}
