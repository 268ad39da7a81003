// Learns which source fields an accessor reads, by calling it with a stand-in that records every access. The web page and
// the documents show these paths; mapping a record never goes through here.
//
// One call sees one branch, so the accessor is called again with each path it read made absent: that shows what
// `a ?? b` and `a ? b : c` read otherwise.
import type { Read } from "./rule-node.ts";

export interface ReadPaths {
  /** Such as "customer.id" or "lineItems[].title"; only the innermost of each. */
  readonly paths: readonly string[];
  /** The accessor gives this one value as it is. Absent: it computes something. */
  readonly direct?: string;
}

const CALLS_MAX = 12;
const DEPTH_MAX = 12;
const ACCESSES_MAX = 2_000;

/** `sourceAt` is the path of the item that the accessor reads from; "" is the record itself. Never throws. */
export function readPaths(read: Read, sourceAt = ""): ReadPaths {
  const first = callRecorded(read, sourceAt, undefined);
  const calls = [first];
  for (const path of first.paths.slice(0, CALLS_MAX)) calls.push(callRecorded(read, sourceAt, path));
  const paths = innermost([...new Set(calls.flatMap((call) => call.paths))]);
  const { direct } = first;
  return direct !== undefined && paths.length === 1 && paths[0] === direct ? { paths, direct } : { paths };
}

interface RecordedCall {
  readonly paths: readonly string[];
  readonly direct?: string;
}

/** "a.b" says that "a" was read too. */
function innermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`)));
}

const PATH = Symbol("path");

function callRecorded(read: Read, sourceAt: string, absent: string | undefined): RecordedCall {
  const recorder = new Recorder(absent);
  let direct: string | undefined;
  try {
    direct = pathOf(read(recorder.standIn(sourceAt), recorder.standIn("")));
  } catch {
    // An accessor that cannot work with a stand-in computes something; what it read until then is known.
  }
  // An accessor may give its item itself.
  if (direct === sourceAt && direct !== "") recorder.paths.add(direct);
  const paths = [...recorder.paths];
  return direct !== undefined && paths.includes(direct) ? { paths, direct } : { paths };
}

function pathOf(value: unknown): string | undefined {
  if (typeof value !== "function") return undefined;
  return (value as unknown as { readonly [PATH]?: string })[PATH];
}

/** Methods that hand each item to a function: what the function reads belongs to the items. */
const GIVE_LIST = new Set(["filter", "sort", "toSorted", "slice", "reverse", "toReversed", "concat", "flat"]);
const GIVE_ITEM = new Set(["find", "findLast", "at", "pop", "shift"]);
const GIVE_RESULTS = new Set(["map", "flatMap"]);
const REDUCE = new Set(["reduce", "reduceRight"]);
const GIVE_TRUE = new Set(["some", "every", "includes", "startsWith", "endsWith", "has", "test"]);
const GIVE_NUMBER = new Set(["indexOf", "lastIndexOf", "findIndex", "valueOf", "getTime", "localeCompare"]);
const GIVE_PAIRS = new Set(["split", "match", "keys", "values", "entries"]);
/** What a stand-in is when it is used as a number or as text: the same digit, so that parsing it works. */
const DIGIT = 1;

class Recorder {
  readonly paths = new Set<string>();
  readonly #absent: string | undefined;
  #accesses = 0;

  constructor(absent: string | undefined) {
    this.#absent = absent;
  }

  /** A stand-in for the value at this path: any of its properties, items and methods can be used. */
  standIn(path: string, owner?: string): unknown {
    // The target is a function, because only then a stand-in can be called as a method.
    return new Proxy(() => undefined, {
      get: (_target, name) => this.#get(path, name),
      apply: (_target, _self, given: readonly unknown[]) => this.#call(owner ?? "", path, given),
      has: () => true,
      ownKeys: () => [],
      getOwnPropertyDescriptor: () => undefined,
    });
  }

  #get(path: string, name: string | symbol): unknown {
    this.#accesses += 1;
    if (this.#accesses > ACCESSES_MAX) throw new Error("too many reads");
    if (name === PATH) return path;
    if (name === Symbol.toPrimitive) return (hint: string) => (hint === "number" ? DIGIT : String(DIGIT));
    if (name === Symbol.iterator) return () => [this.#item(path)][Symbol.iterator]();
    if (typeof name === "symbol") return undefined;
    if (name === "length") return DIGIT;
    if (/^\d+$/.test(name)) return name === "0" ? this.#item(path) : undefined;
    const inner = path === "" ? name : `${path}.${name}`;
    return this.#note(inner) ? this.standIn(inner, path) : undefined;
  }

  /** Notes a path as read; false where it is to be absent, or too deep to be anything but a loop. */
  #note(path: string): boolean {
    if (path.split(".").length > DEPTH_MAX) return false;
    this.paths.add(path);
    return path !== this.#absent;
  }

  #item(path: string): unknown {
    return this.#note(`${path}[]`) ? this.standIn(`${path}[]`) : undefined;
  }

  /** It was a method and no field: takes the path back and does about what the method does. */
  #call(owner: string, path: string, given: readonly unknown[]): unknown {
    this.paths.delete(path);
    if (owner !== "") this.paths.add(owner);
    const method = path.slice(owner === "" ? 0 : owner.length + 1);
    const then = given.find((argument) => typeof argument === "function" && pathOf(argument) === undefined) as
      | ((...values: readonly unknown[]) => unknown)
      | undefined;
    if (REDUCE.has(method)) return then?.(given.length > 1 ? given[1] : this.#item(owner), this.#item(owner), 0);
    const result = then?.(this.#item(owner), method === "sort" || method === "toSorted" ? this.#item(owner) : 0, []);
    if (GIVE_LIST.has(method)) return this.standIn(owner);
    if (GIVE_ITEM.has(method)) return this.#item(owner);
    if (GIVE_RESULTS.has(method)) return [result];
    if (GIVE_TRUE.has(method)) return true;
    if (GIVE_NUMBER.has(method)) return DIGIT;
    if (GIVE_PAIRS.has(method)) return [String(DIGIT)];
    return String(DIGIT);
  }
}
