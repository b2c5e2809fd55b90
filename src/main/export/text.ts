/**
 * Labels on pictures: capitals, small letters, digits and signs of ASCII in a 5 x 7 bitmap, so that a label looks the
 * same on every machine, whichever fonts it has.
 */
import type { Color, Raster } from "./raster";

/** ASCII 32 ... 126. Seven rows a glyph, one base-32 digit a row: `h` is 17, bits 10001, so `#...#`. */
const glyphs =
  "0000000 4444404 aaa0000 aavavaa 4fke5u4 op248j3 cik8lid 4480000 2488842 8422248 04lel40 044v440 0000c48 000v000 00000cc 01248g0 " +
  "ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 ehhehhe ehhf12c 0cc0cc0 0cc0c48 248g842 00v0v00 8421248 eh12404 " +
  "eh1dlle ehhvhhh uhhuhhu ehggghe sihhhis vgguggv vgguggg ehgnhhf hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe " +
  "uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla hha4ahh hhha444 v1248gv e88888e 0g84210 e22222e 4ah0000 000000v " +
  "8420000 00e1fhf ggmphhu 00egghe 11djhhf 00ehvge 698s888 0fhhf1e ggmphhh 40c444e 20622ic ggikoki c44444e 00qllhh 00mphhh 00ehhhe " +
  "00uhugg 00djf11 00mpggg 00ege1u 88s8896 00hhhjd 00hhha4 00hhlla 00ha4ah 00hhf1e 00v248v 2448442 4444444 8442448 008l200";
/** An outline stands for a character that the bitmap lacks. */
const unknown = "vhhhhhv";

const rowsOf = glyphs.split(" ");
const glyphWidth = 5;
const advance = glyphWidth + 1;
export const glyphHeight = 7;

/** Letters lose their accents; what is not ASCII then becomes an outline. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** How wide a text is, in pixels, at a magnification. */
export function textWidth(text: string, size = 1): number {
  const { length } = [...plain(text)];
  return length === 0 ? 0 : (length * advance - 1) * size;
}

/** The text, or its beginning and two dots, so that it is at most `width` pixels wide. */
export function fitText(text: string, width: number, size = 1): string {
  if (textWidth(text, size) <= width) return text;
  const room = Math.floor((width / size + 1) / advance) - 2;
  return room < 1 ? "" : `${[...plain(text)].slice(0, room).join("")}..`;
}

interface Lettering {
  /** Of the upper left corner. */
  left: number;
  top: number;
  color: Color;
  size?: number;
}

/** What does not fit is cut off. */
export function drawText(
  target: Raster,
  text: string,
  lettering: Lettering,
): void {
  let { left } = lettering;
  for (const character of plain(text)) {
    const glyph = rowsOf[(character.codePointAt(0) ?? 0) - 32] ?? unknown;
    drawGlyph(target, glyph, { ...lettering, left });
    left += advance * (lettering.size ?? 1);
  }
}

function drawGlyph(
  target: Raster,
  glyph: string,
  { left, top, color, size = 1 }: Lettering,
): void {
  for (let y = 0; y < glyphHeight * size; y++) {
    const bits = parseInt(glyph[Math.floor(y / size)], 32);
    for (let x = 0; x < glyphWidth * size; x++)
      if ((bits >> (glyphWidth - 1 - Math.floor(x / size))) & 1)
        setPixel(target, left + x, top + y, color);
  }
}

function setPixel(target: Raster, x: number, y: number, color: Color): void {
  if (x < 0 || y < 0 || x >= target.width || y >= target.height) return;
  target.data.set(color, (y * target.width + x) * 3);
}
