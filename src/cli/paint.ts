// Colours for people: none when the output is no terminal, or when NO_COLOR asks for none.
import { styleText } from "node:util";
import type { Shell, Output } from "./shell.ts";

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

export function paintFor(output: Output, environment: Shell["environment"]): Paint {
  const wanted = output.isTTY && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
  return wanted ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
