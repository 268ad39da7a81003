// A secret as text, on its way from where it is kept to the header that carries it. It never prints itself: whoever logs,
// joins or serialises it by mistake shows a mark that tells secrets apart and says nothing of them.
import { createHmac, randomBytes } from "node:crypto";

declare const brand: unique symbol;

/** Made by {@link secretText}; {@link SecretText.reveal} is the only way to its text. */
export interface SecretText {
  readonly [brand]: "secret";
  /** The text itself: to be called where it is sent or computed with, and nowhere else. */
  reveal(): string;
  /** Such as "[secret:3fa1]": the same for the same text as long as this process lives. */
  toString(): string;
  toJSON(): string;
}

/** Of this process only: otherwise a mark would let short secrets be guessed from a log. */
const SALT = randomBytes(32);
const MARK_CHARS = 4;

class HiddenText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return markOf(this.#text);
  }

  toJSON(): string {
    return markOf(this.#text);
  }

  [Symbol.toPrimitive](): string {
    return markOf(this.#text);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return markOf(this.#text);
  }
}

export function secretText(text: string): SecretText {
  // The brand exists only for the compiler: a text cannot be taken for a secret, nor a secret for a text.
  return Object.freeze(new HiddenText(text)) as unknown as SecretText;
}

/** What is shown in a secret's place. */
export function markOf(text: string): string {
  return `[secret:${createHmac("sha256", SALT).update(text).digest("hex").slice(0, MARK_CHARS)}]`;
}
