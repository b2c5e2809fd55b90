/** Draws pen lines onto a small grey canvas, anti-aliased. Knows no digits and no chance. */

/** Half the width, in pixels, over which an edge goes from white to black. */
const softness = 0.75;

export class Pen {
  /** How far inside the ink each pixel's centre lies, in pixels; negative is outside. */
  private readonly depth: Float32Array;

  constructor(private readonly size: number) {
    this.depth = new Float32Array(size * size);
    this.clear();
  }

  clear(): void {
    this.depth.fill(-softness);
  }

  /** A line of changing width: the radius goes from `r0` to `r1`. All in pixels. */
  line(
    x0: number,
    y0: number,
    r0: number,
    x1: number,
    y1: number,
    r1: number,
  ): void {
    const { depth, size } = this;
    const reach = Math.max(r0, r1) + softness;
    const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach - 0.5));
    const right = Math.min(size - 1, Math.floor(Math.max(x0, x1) + reach));
    const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach - 0.5));
    const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y1) + reach));
    const dx = x1 - x0;
    const dy = y1 - y0;
    const inverse = 1 / (dx * dx + dy * dy + 1e-12);
    for (let row = top; row <= bottom; row++) {
      const py = row + 0.5 - y0;
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - x0;
        let t = (px * dx + py * dy) * inverse;
        if (t < 0) t = 0;
        else if (t > 1) t = 1;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const inside = r0 + t * (r1 - r0) - Math.sqrt(ex * ex + ey * ey);
        const at = row * size + column;
        if (inside > depth[at]) depth[at] = inside;
      }
    }
  }

  /** Writes the canvas as grey levels; `ink` is the level of a fully covered pixel. */
  print(target: Uint8Array, offset: number, ink: number): void {
    const { depth } = this;
    const scale = 1 / (2 * softness);
    for (let i = 0; i < depth.length; i++) {
      const cover = (depth[i] + softness) * scale;
      target[offset + i] = cover >= 1 ? ink : cover * ink + 0.5;
    }
  }
}
