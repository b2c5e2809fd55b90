/** Brings one decoded image into the form that a run wants: channels, then a square by crop or pad, then the size. */
import { createResizer } from "./resize";
import type { Resizer } from "./resize";
import type { ImageForm } from "./source";

export interface Former {
  /** Values an image in its new form. */
  length: number;
  /** Reads `[height, width, channels]` at `from`, writes `[channels, size, size]` at `to`; pads with black. */
  write(source: Uint8Array, from: number, target: Uint8Array, to: number): void;
}

/** A former for images of one size and 1 or 3 channels. */
export function createFormer(
  width: number,
  height: number,
  channels: 1 | 3,
  form: ImageForm,
): Former {
  const { size } = form;
  const window = cropWindow(width, height, form);
  const place = placement(window, form);
  const resize = placedResizer(window, place, size);
  const plane = new Uint8Array(window.width * window.height);
  const extract = planeExtractor(width, channels, form.channels, window);
  const length = form.channels * size * size;
  return {
    length,
    write(source, from, target, to) {
      const planes = channels === 1 ? 1 : form.channels;
      for (let channel = 0; channel < planes; channel++) {
        extract(source, from, channel, plane);
        resize(plane, target, to + channel * size * size);
      }
      for (let channel = planes; channel < form.channels; channel++)
        target.copyWithin(to + channel * size * size, to, to + size * size);
    },
  };
}

/** In pixels. */
interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What of the source is used: its central square, or all of it. */
function cropWindow(
  width: number,
  height: number,
  { fit }: Pick<ImageForm, "fit">,
): Window {
  if (fit === "pad") return { left: 0, top: 0, width, height };
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) / 2),
    width: side,
    height: side,
  };
}

/** Where the window comes to lie in the new square. */
function placement(window: Window, { size }: ImageForm): Window {
  const scale = size / Math.max(window.width, window.height);
  const width = Math.max(1, Math.round(window.width * scale));
  const height = Math.max(1, Math.round(window.height * scale));
  return {
    left: Math.floor((size - width) / 2),
    top: Math.floor((size - height) / 2),
    width,
    height,
  };
}

function placedResizer(window: Window, place: Window, size: number): Resizer {
  const resize = createResizer(
    window.width,
    window.height,
    place.width,
    place.height,
  );
  if (place.width === size && place.height === size) return resize;
  const small = new Uint8Array(place.width * place.height);
  return (source, target, offset) => {
    resize(source, small, 0);
    target.fill(0, offset, offset + size * size);
    for (let row = 0; row < place.height; row++)
      target.set(
        small.subarray(row * place.width, (row + 1) * place.width),
        offset + (place.top + row) * size + place.left,
      );
  };
}

type PlaneExtractor = (
  source: Uint8Array,
  from: number,
  channel: number,
  plane: Uint8Array,
) => void;

/** Cuts the window of one channel out of interleaved pixels; colour becomes luma where grey is wanted. */
function planeExtractor(
  width: number,
  channels: 1 | 3,
  wanted: 1 | 3,
  window: Window,
): PlaneExtractor {
  const toLuma = channels === 3 && wanted === 1;
  return (source, from, channel, plane) => {
    let at = 0;
    for (let row = 0; row < window.height; row++) {
      let pixel =
        from + ((window.top + row) * width + window.left) * channels + channel;
      for (let column = 0; column < window.width; column++, pixel += channels)
        plane[at++] = toLuma
          ? luma(source[pixel], source[pixel + 1], source[pixel + 2])
          : source[pixel];
    }
  };
}

/** ITU-R 601-2 as PIL's mode "L" has it: weights 0.299, 0.587, 0.114 in 16 bits, rounded. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}
