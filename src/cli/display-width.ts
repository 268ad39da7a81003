// How many columns of a terminal a text takes: wide CJK characters and emoji take two, combining marks none. Tables that
// hold people's names line up only when this is known.
import { stripVTControlCharacters } from "node:util";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;
const INVISIBLE = /^[\p{Control}\p{Format}\p{Mark}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|^\p{Regional_Indicator}{2}$|\uFE0F\u20E3/u;

/** Ranges that Unicode's East Asian Width calls wide or full-width, first and last, coarse where nothing is assigned. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

export function displayWidth(text: string): number {
  const visible = stripVTControlCharacters(text);
  if (ASCII.test(visible)) return visible.length;
  let width = 0;
  for (const { segment } of graphemes.segment(visible)) width += graphemeWidth(segment);
  return width;
}

/** Cuts a text without colours to so many columns, the last of them "…" when something was cut off. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  const point = grapheme.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}
