import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineConnector, defineResource } from "./define-connector.ts";
import type { Resource } from "./resource.ts";

const tickets = defineResource({ name: "tickets", schema: z.object({ id: z.string() }), key: ({ id }) => id });

const define = (resources: Readonly<Record<string, Resource>>) =>
  defineConnector({
    name: "desk",
    title: "Desk",
    settings: z.object({}),
    baseUrl: () => "https://desk.example",
    auth: { kind: "none" },
    limits: [],
    resources,
  });

test("each resource is a property of a connection, under its name", () => {
  assert.equal(define({ tickets }).connect("first", {})["tickets"]?.id, "first/tickets");
});

test("a resource under another name than its own is told where it is written, not where it is missed", () => {
  assert.throws(() => define({ issues: tickets }), {
    name: "TypeError",
    message:
      'could not define the connector desk: the resource "tickets" stands under "issues", and would be found under neither; name both alike',
  });
});

const written = (write: object): Resource => ({ ...tickets, write: { fields: z.object({}), ...write } as never });

test("writes that are to be looked up need something that looks", () => {
  const create = () => Promise.reject(new Error("nobody writes this"));
  const safety = { kind: "lookup", lagMs: 0 } as const;
  assert.throws(() => define({ tickets: written({ create, safety }) }), {
    name: "TypeError",
    message:
      'could not define the connector desk: tickets is written with the safety "lookup" and has no `lookup`; add one, or say "none": a person is asked then',
  });
  define({ tickets: written({ create, safety, lookup: () => Promise.resolve([]) }) });
  define({ tickets: written({ create, safety: { kind: "none" } }) });
});
