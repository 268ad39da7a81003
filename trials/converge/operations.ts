// All that can happen, as plain data that shrinks well and reads as sentences. Contacts and systems are numbers, counted round.
import fc from "fast-check";
import { FIELDS, type Field } from "./fields.ts";

export type Operation =
  | {
      readonly do: "edit";
      readonly system: number;
      readonly contact: number;
      readonly field: Field;
      readonly size: number;
      readonly to: EditTo;
    }
  | {
      readonly do: "edit-both";
      readonly contact: number;
      readonly field: Field;
      readonly sizes: readonly [number, number];
      readonly to: "different" | "same";
    }
  | { readonly do: "create"; readonly system: number }
  | { readonly do: "create-both" }
  | { readonly do: "create-twin"; readonly system: number; readonly contact: number }
  | { readonly do: "delete"; readonly system: number; readonly contact: number }
  | {
      readonly do: "delete-and-edit";
      readonly system: number;
      readonly contact: number;
      readonly field: Field;
      readonly size: number;
    }
  | { readonly do: "restore"; readonly system: number; readonly contact: number }
  | { readonly do: "merge"; readonly system: number; readonly contact: number; readonly into: number }
  | { readonly do: "leave-filter"; readonly contact: number }
  | { readonly do: "enter-filter"; readonly contact: number }
  | { readonly do: "deliver"; readonly system: number; readonly how: Delivered }
  | { readonly do: "poll"; readonly full: boolean }
  | { readonly do: "broken-listing"; readonly system: number; readonly pages: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "crash"; readonly when: "now" | "once-written"; readonly downMs: number; readonly system: number }
  | { readonly do: "down"; readonly system: number; readonly ms: number }
  | { readonly do: "fail-after-effect"; readonly system: number; readonly writes: number }
  | { readonly do: "lose-base"; readonly contact: number }
  | { readonly do: "import"; readonly system: number; readonly contacts: number };

export type Kind = Operation["do"];
type EditTo = "new" | "empty" | "earlier";
type Delivered = "first" | "all" | "twice" | "last" | "lost";

const nth = fc.nat(30);
const field = fc.constantFrom<Field[]>(...FIELDS);
const size = fc.nat(899);
const shortMs = fc.integer({ min: 1, max: 400 });
const longMs = fc.constantFrom(2_000, 20_000, 70_000, 400_000);

/** How often each is drawn, beside the others. */
const WEIGHED: readonly (readonly [number, fc.Arbitrary<Operation>])[] = [
  [
    14,
    of("edit", {
      system: nth,
      contact: nth,
      field,
      size,
      to: fc.constantFrom("new", "new", "new", "new", "empty", "earlier"),
    }),
  ],
  [
    8,
    of("edit-both", {
      contact: nth,
      field,
      sizes: fc.tuple(size, size),
      to: fc.constantFrom("different", "different", "different", "same"),
    }),
  ],
  [2, of("create", { system: nth })],
  [1, of("create-both", {})],
  [1, of("create-twin", { system: nth, contact: nth })],
  [2, of("delete", { system: nth, contact: nth })],
  [1, of("delete-and-edit", { system: nth, contact: nth, field, size })],
  [1, of("restore", { system: nth, contact: nth })],
  [1, of("merge", { system: nth, contact: nth, into: nth })],
  [1, of("leave-filter", { contact: nth })],
  [1, of("enter-filter", { contact: nth })],
  [7, of("deliver", { system: nth, how: fc.constantFrom("first", "all", "all", "twice", "last", "lost") })],
  [3, of("poll", { full: fc.constant(false) })],
  [2, of("poll", { full: fc.constant(true) })],
  [3, of("broken-listing", { system: nth, pages: fc.integer({ min: 1, max: 3 }) })],
  [8, of("wait", { ms: shortMs })],
  [4, of("wait", { ms: longMs })],
  [1, of("crash", { when: fc.constant("now"), downMs: longMs, system: nth })],
  [2, of("crash", { when: fc.constant("once-written"), downMs: longMs, system: nth })],
  [1, of("down", { system: nth, ms: longMs })],
  [2, of("fail-after-effect", { system: nth, writes: fc.integer({ min: 1, max: 3 }) })],
  [1, of("lose-base", { contact: nth })],
  [1, of("import", { system: nth, contacts: fc.integer({ min: 2, max: 8 }) })],
];

export const operations: readonly fc.Arbitrary<Operation>[] = WEIGHED.flatMap(([weight, arbitrary]) =>
  Array.from({ length: weight }, () => arbitrary),
);

export const KINDS: readonly Kind[] = [
  "edit",
  "edit-both",
  "create",
  "create-both",
  "create-twin",
  "delete",
  "delete-and-edit",
  "restore",
  "merge",
  "leave-filter",
  "enter-filter",
  "deliver",
  "poll",
  "broken-listing",
  "wait",
  "crash",
  "down",
  "fail-after-effect",
  "lose-base",
  "import",
];

function of<Does extends Kind>(
  does: Does,
  parts: {
    [Name in Exclude<keyof Extract<Operation, { do: Does }>, "do">]: fc.Arbitrary<
      Extract<Operation, { do: Does }>[Name]
    >;
  },
): fc.Arbitrary<Operation> {
  return fc.record({ do: fc.constant(does), ...(parts as object) }) as unknown as fc.Arbitrary<Operation>;
}
