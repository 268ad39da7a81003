// Reads XML that strangers wrote, for providers that speak it: no entities but the five of XML itself, no document types,
// and bounds on depth, elements and size, so that a small answer cannot become a large one.
import { SaxesParser } from "saxes";

/** An element: what is in it is found by name. */
export interface XmlElement {
  /** With its prefix, as written: "s:Envelope". */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly in it, without that of its children. */
  readonly text: string;
}

export interface XmlLimits {
  /** How deep elements may lie in each other. Default 64. */
  readonly depthMax?: number;
  /** The most elements. Default 200,000. */
  readonly elementsMax?: number;
  /** The most characters. Default 16,777,216. */
  readonly charactersMax?: number;
}

/** Why a text was not taken as XML; `code` is stable. */
export class XmlRefused extends Error {
  override readonly name = "XmlRefused";
  readonly code: "malformed" | "too-deep" | "too-large" | "document-type";

  constructor(code: XmlRefused["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

interface Building {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** The root element: `parseXml(answer.text)`. Throws {@link XmlRefused}. */
export function parseXml(
  text: string,
  { depthMax = 64, elementsMax = 200_000, charactersMax = 16 * 1024 * 1024 }: XmlLimits = {},
): XmlElement {
  if (text.length > charactersMax) {
    throw new XmlRefused(
      "too-large",
      `cannot read the XML: wanted at most ${charactersMax} characters, got ${text.length}`,
    );
  }
  const open: Building[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw new XmlRefused("malformed", `cannot read the XML: ${error.message}`, { cause: error });
  });
  parser.on("doctype", () => {
    throw new XmlRefused("document-type", "cannot take the XML: wanted no document type, got one");
  });
  parser.on("opentag", ({ name, attributes }) => {
    elements += 1;
    if (elements > elementsMax) throw tooMany("elements", elementsMax);
    if (open.length === depthMax) {
      throw new XmlRefused("too-deep", `cannot take the XML: wanted at most ${depthMax} levels, got more`);
    }
    open.push({ name, attributes: withoutInherited(attributes), children: [], text: "" });
  });
  const onText = (piece: string): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += piece;
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const outer = open.at(-1);
    if (outer === undefined) root = closed;
    else outer.children.push(closed);
  });
  parser.write(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).close();
  if (root === undefined) throw new XmlRefused("malformed", "cannot read the XML: wanted an element, got none");
  return root;
}

function tooMany(what: string, most: number): XmlRefused {
  return new XmlRefused("too-large", `cannot take the XML: wanted at most ${most} ${what}, got more`);
}

/** Attributes may have any name; none of them may be taken for what every object has. */
function withoutInherited(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null) as Record<string, string>, attributes);
}

/** The first child of this name, whatever its prefix. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => localName(child) === name);
}

/** All children of this name, whatever their prefix. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => localName(child) === name) ?? [];
}

/** The text of what is found going down these names: `textAt(order, "buyer", "email")`. */
export function textAt(element: XmlElement | undefined, ...names: readonly string[]): string | undefined {
  return names.reduce<XmlElement | undefined>(childOf, element)?.text.trim();
}

function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(":") + 1);
}
