// Splits a stream of bytes into numbered lines of UTF-8 text, some at a time. A line that is too long or is not UTF-8 is a
// fault of that line alone, so that one broken row of an export never costs the rows after it.

export type Line =
  | { readonly line: number; readonly text: string }
  /** What is wrong with the line; its text is not kept. */
  | { readonly line: number; readonly fault: string };

export interface LineLimits {
  /** The longest line that is read, in bytes. Default 1,048,576. */
  readonly lineBytesMax?: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
// A byte order mark is taken off by hand, on the first line only: elsewhere it is a character of the text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const NOT_UTF8 =
  "the line is not UTF-8: expected a file saved as UTF-8 and found other bytes; save or convert the file as UTF-8";

/** Yields the lines of each chunk together; line numbers begin at 1. A final newline does not begin another line. */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  { lineBytesMax = 1_048_576 }: LineLimits = {},
): AsyncGenerator<readonly Line[]> {
  let line = 1;
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  const hold = (part: Uint8Array): void => {
    // Beyond the limit only the length is counted: the line is a fault whatever it says.
    if (heldBytes <= lineBytesMax) held.push(part);
    heldBytes += part.length;
  };
  const finish = (): Line => {
    const [first] = held;
    const bytes = held.length === 1 && first !== undefined ? first : Buffer.concat(held);
    const made = heldBytes > lineBytesMax ? tooLong(line, heldBytes, lineBytesMax) : decode(bytes, line);
    line += 1;
    held = [];
    heldBytes = 0;
    return made;
  };

  for await (const chunk of source) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      hold(chunk.subarray(from, at));
      lines.push(finish());
      from = at + 1;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (heldBytes > 0) yield [finish()];
}

function decode(bytes: Uint8Array, line: number): Line {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  try {
    const text = decoder.decode(bytes.subarray(0, end));
    return { line, text: line === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text };
  } catch {
    return { line, fault: NOT_UTF8 };
  }
}

function tooLong(line: number, bytes: number, lineBytesMax: number): Line {
  return { line, fault: `the line is too long: expected at most ${lineBytesMax} bytes and found ${bytes}` };
}
