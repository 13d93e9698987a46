// @ts-check
// How a class looks, in the picture and in the legend: the colours and shapes of kg export svg. The
// shape tells classes apart for those who do not tell colours apart.

const LOOKS = {
  Platform: ["box", "#f4c7c3"], Agency: ["ellipse", "#c6dbef"], Operation: ["hexagon", "#d9d2e9"],
  Event: ["octagon", "#fde9c9"], Seizure: ["folder", "#cfe8cf"], Figure: ["note", "#e3efd9"],
  Location: ["house", "#e6e6e6"], Item: ["component", "#f2e2d2"], Company: ["parallelogram", "#d0e8e8"],
  Source: ["tab", "#ffffff"],
};

/** INK is what is written and drawn on the colours of classes, in both themes. */
export const INK = "#14202b";
/** RIM is the line around a node; 3:1 at least against every colour of a class and both papers. */
export const RIM = { light: "#47545f", dark: "#8b99a5" };

/** look is the shape and colour of a class. */
export function look(cls) {
  const [shape, colour] = LOOKS[cls] ?? ["box", "#ffffff"];
  return { shape, colour };
}

/** outline is a class's shape in a box around (x, y): corners, or null for an ellipse. small is the size of
 * a pixel for a box that is a mark without a name. */
export function outline(cls, x, y, w, h, small = 0) {
  const n = (size) => (small > 0 ? Math.min(size, 4) * small : size);
  const l = x - w / 2, r = x + w / 2, t = y - h / 2, b = y + h / 2;
  switch (look(cls).shape) {
    case "ellipse":
      return null;
    case "hexagon":
    case "octagon": {
      const cut = Math.min(h / 2, n(9));
      return [[l + cut, t], [r - cut, t], [r, y], [r - cut, b], [l + cut, b], [l, y]];
    }
    case "folder":
    case "tab":
      return [[l, t - n(4)], [x, t - n(4)], [x + n(4), t], [r, t], [r, b], [l, b]];
    case "house":
      return [[l, t], [x, t - n(8)], [r, t], [r, b], [l, b]];
    case "parallelogram":
      return [[l + n(8), t], [r + n(8), t], [r - n(8), b], [l - n(8), b]];
    case "note":
      return [[l, t], [r - n(8), t], [r, t + n(8)], [r, b], [l, b]];
    default:
      return [[l, t], [r, t], [r, b], [l, b]];
  }
}
