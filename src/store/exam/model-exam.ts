// Any order of observing, claiming and settling, against the simplest model of what must be true: nothing noted is lost, and
// no row is in two hands.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { claimOfNew } from "../claim-of-new.ts";
import type { Claim, Store } from "../store.ts";
import { DECLARATION, INVOICES, LINK, PARKED, WRITE, read, settlement, type MakeFile } from "./fixture.ts";

const RUNS = 60;
const KEYS = ["1", "2", "3"] as const;

/** Whether somebody waits for what is new, and has decided already what to create for it. */
type Hunger = "none" | "claims" | "arms";

type Step =
  | { readonly do: "edit"; readonly key: string; readonly hungry: Hunger }
  | { readonly do: "claim"; readonly limit: number }
  | { readonly do: "settle"; readonly which: number; readonly to: keyof typeof FATES }
  | { readonly do: "wait" };

const FATES = {
  agreed: () => ({ to: "cleared", why: "agreed" }) as const,
  confirmed: ({ key }: Claim) =>
    ({ to: "cleared", why: "confirmed", link: { ...LINK, targetKey: `T${key}` } }) as const,
  sending: () => ({ to: "sending", write: WRITE }) as const,
  waiting: (_claim: Claim, now: number) =>
    ({ to: "waiting", until: now + 10, reason: "busy", attempts: 1, waits: 0 }) as const,
  unknown: (_claim: Claim, now: number) =>
    ({ to: "unknown", until: now + 10, reason: "timeout", write: WRITE, attempts: 1 }) as const,
  parked: () => PARKED,
  ready: () => ({ to: "ready" }) as const,
};

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant("edit" as const),
      key: fc.constantFrom(...KEYS),
      hungry: fc.constantFrom("none", "claims", "arms"),
    }),
    fc.record({ do: fc.constant("claim" as const), limit: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      do: fc.constant("settle" as const),
      which: fc.nat(2),
      to: fc.constantFrom(...(Object.keys(FATES) as (keyof typeof FATES)[])),
    }),
    fc.constant({ do: "wait" } as const),
  ),
  { minLength: 1, maxLength: 30 },
);

/** For each key: edits so far, the edit that the last clearing had seen, whether it is parked. */
interface Expected {
  edits: number;
  cleared: number;
  parked: boolean;
}

class Model {
  now = 100;
  readonly hands = new Map<string, Claim>();
  readonly rows = new Map<string, Expected>();
  readonly #store: Store;
  readonly #run: number;

  /** Each run has records of its own, so that all can share a file. */
  constructor(store: Store, run: number) {
    this.#store = store;
    this.#run = run;
    for (const key of KEYS) this.rows.set(`${run}-${key}`, { edits: 0, cleared: 0, parked: false });
  }

  async take(step: Step): Promise<void> {
    this.now += 1;
    if (step.do === "wait") this.now += 20;
    else if (step.do === "edit") await this.#edit(`${this.#run}-${step.key}`, step.hungry);
    else if (step.do === "claim") await this.#claim(step.limit);
    else await this.#settle(step.which, step.to);
  }

  row(key: string): Expected {
    const row = this.rows.get(key);
    assert.ok(row !== undefined);
    return row;
  }

  async #edit(key: string, hungry: Hunger): Promise<void> {
    const row = this.row(key);
    row.edits += 1;
    row.parked = false;
    const observation = read(key, `edit-${row.edits}`, { at: this.now, onlySyncs: [INVOICES] });
    const creations = hungry === "arms" ? { creations: new Map([[key, WRITE]]) } : {};
    const { claimed, armed } = await this.#store.observe({
      observations: [observation],
      ...(hungry === "none" ? {} : { claim: [{ sync: INVOICES, limit: 1, ...creations }] }),
    });
    for (const claim of claimed) this.#hold(claim);
    for (const { keys } of armed) for (const _key of keys) this.#hold(claimOfNew(INVOICES, observation)!);
  }

  #hold(claim: Claim): void {
    assert.ok(!this.hands.has(claim.key), `${claim.key} is in two hands`);
    assert.equal(claim.record?.hash, `edit-${this.row(claim.key).edits}`, "a claim brings the newest record");
    this.hands.set(claim.key, claim);
  }

  async #claim(limit: number): Promise<void> {
    for (const claim of await this.#store.claim({ sync: INVOICES, limit, at: this.now })) this.#hold(claim);
  }

  async #settle(which: number, to: keyof typeof FATES): Promise<void> {
    const claim = [...this.hands.values()][which];
    if (claim === undefined) return;
    const row = this.row(claim.key);
    const seen = Number(claim.record?.hash.slice("edit-".length));
    await this.#store.settle([settlement(claim, FATES[to](claim, this.now), this.now)]);
    if (to !== "sending") this.hands.delete(claim.key);
    if (to === "agreed" || to === "confirmed") row.cleared = seen;
    if (to === "parked") row.parked = seen === row.edits;
  }
}

/** Gives back what is in hand and works all off: every edit must have been cleared, but for parked rows. */
async function workOff(store: Store, model: Model): Promise<void> {
  for (const claim of model.hands.values()) {
    await store.settle([settlement(claim, FATES.agreed(), model.now)]);
    model.row(claim.key).cleared = Number(claim.record?.hash.slice("edit-".length));
  }
  model.now += 1000;
  for (const claim of await store.claim({ sync: INVOICES, limit: 10, at: model.now })) {
    assert.equal(claim.record?.hash, `edit-${model.row(claim.key).edits}`);
    await store.settle([settlement(claim, FATES.agreed(), model.now)]);
    model.row(claim.key).cleared = model.row(claim.key).edits;
  }
  for (const [key, { edits, cleared, parked }] of model.rows) {
    if (!parked) assert.equal(cleared, edits, `${key} was edited and never cleared`);
  }
  assert.deepEqual(
    (await store.parked({})).map(({ key }) => key).toSorted(),
    [...model.rows].filter(([, { parked }]) => parked).map(([key]) => key),
  );
  await store.discardParked({}, model.now, "the run is over");
}

export function modelExam(makeFile: MakeFile): void {
  test("whatever the order, every edit is cleared or parked in the end, and no row is in two hands", async () => {
    const file = await makeFile();
    const store = await file.open();
    await store.declare(DECLARATION);
    let run = 0;
    const property = fc.asyncProperty(steps, async (taken) => {
      const model = new Model(store, (run += 1));
      for (const step of taken) await model.take(step);
      await workOff(store, model);
    });
    try {
      await fc.assert(property, { numRuns: RUNS });
    } finally {
      await store.close();
      await file.remove();
    }
  });
}
