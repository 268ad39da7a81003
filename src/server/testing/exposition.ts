// A strict reader of Prometheus' text format 0.0.4 for the tests: it takes what the format says and nothing else.

export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  /** By labels as `name=value` in their order, joined by commas; values as they were before they were escaped. */
  readonly samples: ReadonlyMap<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) (.+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (gauge|counter)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(${LABEL.source}(?:,${LABEL.source})*)\\})? (-?[0-9]+(?:\\.[0-9]+)?(?:e[+-]?[0-9]+)?)$`,
);
const UNESCAPED: Readonly<Record<string, string>> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };

/** Throws where the text is not of the format, a family comes twice, or a sample of it is given twice. */
export function readExposition(text: string): ReadonlyMap<string, ReadFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, ReadFamily & { readonly samples: Map<string, number> }>();
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length;) {
    const [, name = "", help = ""] = HELP.exec(lines[at] ?? "") ?? refuse(lines[at]);
    const [, typed, type = ""] = TYPE.exec(lines[at + 1] ?? "") ?? refuse(lines[at + 1]);
    if (typed !== name || families.has(name)) refuse(lines[at + 1]);
    const samples = new Map<string, number>();
    families.set(name, { type, help, samples });
    for (at += 2; at < lines.length && !lines[at]?.startsWith("#"); at += 1) {
      const found = SAMPLE.exec(lines[at] ?? "") ?? refuse(lines[at]);
      const labels = labelsIn(found[2] ?? "");
      if (found[1] !== name || samples.has(labels)) refuse(lines[at]);
      samples.set(labels, Number(found.at(-1)));
    }
    if (samples.size === 0) refuse(lines[at - 1]);
  }
  return families;
}

function labelsIn(text: string): string {
  const found = [...text.matchAll(new RegExp(LABEL, "g"))].map(([, name = "", value = ""]) => [name, value] as const);
  if (new Set(found.map(([name]) => name)).size < found.length) refuse(text);
  return found.map(([name, value]) => `${name}=${value.replace(/\\./g, (pair) => UNESCAPED[pair] ?? pair)}`).join(",");
}

function refuse(line: string | undefined): never {
  throw new Error(`not of the format: ${JSON.stringify(line)}`);
}
