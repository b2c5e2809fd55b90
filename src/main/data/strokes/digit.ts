/**
 * One handwritten digit from one seeded stream: a way of writing it, bent, slanted, scaled and drawn with a pen.
 * The order of the draws is part of what a seed means; a change here changes every `strokes` data set.
 */
import type { Random } from "../../../shared/random";
import { glyphs } from "./glyphs";
import type { Stroke } from "./glyphs";
import type { Pen } from "./pen";

/** Straight pieces between two neighbouring points of a stroke. */
const pieces = 4;
/** Digits fill about 20 of 28 pixels, as MNIST's do. */
const height = 19;

/** Draws a digit into the middle of a cleared 28 x 28 pen. */
export function drawDigit(digit: number, random: Random, pen: Pen): void {
  const ways = glyphs[digit];
  const glyph = ways[random.below(ways.length)];
  const hand: Hand = {
    warp: drawWarp(random),
    radius: Math.exp(spread(random, Math.log(1.25), 0.27, 2)),
    pressure: spread(random, 0, 0.13, 2),
    wobble: 0.012 + 0.028 * random.uniform(),
  };
  for (const stroke of glyph) drawStroke(stroke, random, pen, hand);
}

/** How one digit is written. */
interface Hand {
  warp: Warp;
  /** Of the pen, in pixels. */
  radius: number;
  /** How much the radius grows over a stroke, in parts of it. */
  pressure: number;
  /** How far points stray, in parts of the unit box. */
  wobble: number;
}

/** A point of the unit box to pixels: two slow waves bend it, then an affine map places it. */
type Warp = (x: number, y: number, out: Float64Array, at: number) => void;

function drawWarp(random: Random): Warp {
  const turn = spread(random, 0, 0.1, 2.2);
  const slant = spread(random, 0.16, 0.22, 2);
  const tall = height * spread(random, 1, 0.08, 1.8);
  const wide = height * spread(random, 0.82, 0.14, 2);
  const shiftX = 14 + spread(random, 0, 0.7, 2);
  const shiftY = 14 + spread(random, 0, 0.7, 2);
  const bendX = spread(random, 0, 0.045, 2.2);
  const bendY = spread(random, 0, 0.045, 2.2);
  const phaseX = 2 * Math.PI * random.uniform();
  const phaseY = 2 * Math.PI * random.uniform();
  const waveX = 3 + 4 * random.uniform();
  const waveY = 3 + 4 * random.uniform();
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  return (x, y, out, at) => {
    const u = x - 0.5 + bendX * Math.sin(waveX * y + phaseX);
    const v = y - 0.5 + bendY * Math.sin(waveY * x + phaseY);
    const across = wide * (u - slant * v);
    const down = tall * v;
    out[at] = shiftX + cos * across - sin * down;
    out[at + 1] = shiftY + sin * across + cos * down;
  };
}

/** Reused between strokes; the longest stroke has 11 points. */
const points = new Float64Array(64);

function drawStroke(
  stroke: Stroke,
  random: Random,
  pen: Pen,
  { warp, radius, pressure, wobble }: Hand,
): void {
  const count = stroke.length;
  for (let i = 0; i < count; i++) {
    // The ends stay where other strokes meet them.
    const free = i > 0 && i < count - 1 ? wobble : 0;
    const [x, y] = stroke[i];
    warp(
      x + free * random.normal(),
      y + free * random.normal(),
      points,
      2 * (i + 1),
    );
  }
  extendEnds(count);
  const start = radius * (1 - pressure);
  const slope = (2 * radius * pressure) / (pieces * (count - 1));
  let x0 = points[2];
  let y0 = points[3];
  let r0 = start;
  for (let i = 1; i < count; i++) {
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces;
      const x1 = catmullRom(2 * (i - 1), t);
      const y1 = catmullRom(2 * (i - 1) + 1, t);
      const r1 = r0 + slope;
      pen.line(x0, y0, r0, x1, y1, r1);
      x0 = x1;
      y0 = y1;
      r0 = r1;
    }
  }
}

/** A spline needs one more point beyond each end: a ring's next one, else the mirror image of the end's neighbour. */
function extendEnds(count: number): void {
  const last = 2 * count;
  const closed = points[2] === points[last] && points[3] === points[last + 1];
  for (const axis of [0, 1]) {
    const first = points[2 + axis];
    const second = points[4 + axis];
    const end = points[last + axis];
    const previous = points[last - 2 + axis];
    points[axis] = closed ? previous : 2 * first - second;
    points[last + 2 + axis] = closed ? second : 2 * end - previous;
  }
}

/** The point at `t` between the second and third of four neighbours (Catmull and Rom 1974). */
function catmullRom(at: number, t: number): number {
  const a = points[at];
  const b = points[at + 2];
  const c = points[at + 4];
  const d = points[at + 6];
  const linear = c - a;
  const square = 2 * a - 5 * b + 4 * c - d;
  const cube = 3 * (b - c) + d - a;
  return b + 0.5 * t * (linear + t * (square + t * cube));
}

/** Normal, but never further than `limit` deviations, so that no digit becomes illegible. */
function spread(
  random: Random,
  mean: number,
  deviation: number,
  limit: number,
): number {
  for (;;) {
    const draw = random.normal();
    if (Math.abs(draw) <= limit) return mean + deviation * draw;
  }
}
