// One trial: a copy of the prepared file, planted differences, an audit that mends while the source is edited, and a look at
// both systems afterwards.
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { openEngine } from "../../src/engine.ts";
import type { Store } from "../../src/store/store.ts";
import { twoSystems, twoSystemsProject, type TwoSystems } from "../../src/testing/two-systems.ts";
import { WRONG, type AuditFinding } from "../../src/watch/audit/report.ts";
import type { AuditView } from "../../src/watch/audit/audits.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import type { Clock } from "../../src/world/world.ts";
import { disagreements } from "./agreement.ts";
import { Keys, plantDifferences, type Planted } from "./differences.ts";
import type { AuditPlant } from "./options.ts";
import { AGREED_AT, SYNC, type Prepared } from "./prepare.ts";

const PAGE_RECORDS = 5_000;
const DIFFERENCES_MAX = 50;
/** One request in so many is followed by an edit at the source. */
const EDIT_EVERY = 2;
const EDITS_MAX = 40;
/** How long one page takes, in virtual milliseconds. */
const PAGE_MS = 3_000;
const STEPS_MAX = 2_000;
/** How soon after they agreed the audit begins: later than a change may take to be noticed. */
const LATER_MS = 10 * 60_000;

export interface TrialFigures {
  readonly planted: number;
  readonly ways: readonly string[];
  readonly undetected: readonly string[];
  readonly falseAlarms: readonly string[];
  readonly unmended: readonly string[];
  readonly edits: number;
  readonly calls: number;
  readonly rechecked: number;
}

export interface TrialOptions {
  readonly folder: string;
  readonly base: string;
  readonly prepared: Prepared;
  readonly seed: number;
  readonly plant: AuditPlant | undefined;
}

export async function runTrial({ folder, base, prepared, seed, plant }: TrialOptions): Promise<TrialFigures> {
  const path = join(folder, "trial.db");
  await copyFile(base, path);
  const clock = new VirtualClock(AGREED_AT + LATER_MS);
  const random = new SeededRandom(seed);
  const systems = restored(twoSystems({ clock, page: PAGE_RECORDS }), prepared);
  const keys = new Keys([...prepared.people.keys()], random);
  const planted = plantDifferences(systems, 1 + Math.floor(random.next() * DIFFERENCES_MAX), keys, random);
  const handlers = slowly(plant === "stale-reads" ? staleReads(systems) : systems.handlers, clock);
  const engine = await openEngine({
    project: twoSystemsProject({ pollEvery: "20s", freshWithin: "2m", everythingEvery: "7d" }),
    environment: {},
    dataPath: path,
    listen: false,
    thread: false,
    world: { clock, random: new SeededRandom(seed + 1), network: inProcessNetwork(handlers, clock) },
    ...(plant === "blind-to-fields" ? { throughStore: blindToFields } : {}),
  });
  try {
    await engine.start();
    let requests = 0;
    let edits = 0;
    systems.onRequest = () => {
      if ((requests += 1) % EDIT_EVERY !== 0 || edits >= EDITS_MAX) return;
      edits += 1;
      edit(systems, keys, edits, random);
    };
    const { id } = await engine.control.audit(SYNC, plant === "skip-repair" ? {} : { repair: {} });
    const audit = await ended(engine.control.audits, id, clock);
    systems.onRequest = undefined;
    // What was edited last is still on its way.
    await clock.advance(60_000);
    const found = await engine.control.auditFindings({ id, limit: 1_000 });
    return figuresOf(planted, audit, found, { edits, unmended: disagreements(systems) });
  } finally {
    const stopped = engine.stop();
    await clock.advance(1_000);
    await stopped;
    await rm(path, { force: true });
  }
}

function restored(systems: TwoSystems, { people, contacts }: Prepared): TwoSystems {
  for (const [id, person] of people) systems.people.set(id, person);
  for (const [id, contact] of contacts) systems.contacts.set(id, contact);
  return systems;
}

/** People are edited, made, and leave the scope, while the audit reads: no difference, but work that is under way. */
function edit(systems: TwoSystems, keys: Keys, count: number, random: SeededRandom): void {
  const choice = random.next();
  if (choice < 0.7) systems.putPerson(keys.draw(), { city: `Town ${count}` });
  else if (choice < 0.85) systems.putPerson(`p9${String(count).padStart(6, "0")}e`);
  else systems.putPerson(keys.draw(), { active: false });
}

async function ended(
  audits: (filter: { readonly id: number }) => Promise<readonly AuditView[]>,
  id: number,
  clock: VirtualClock,
): Promise<AuditView> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const [view] = await audits({ id });
    if (view?.state === "failed") throw new Error(view.result?.summary ?? "the audit failed");
    if (view?.state === "done") return view;
    await clock.advance(2_000);
  }
  throw new Error(`the audit did not end within ${(STEPS_MAX * 2) / 60} virtual minutes`);
}

function figuresOf(
  planted: readonly Planted[],
  audit: AuditView,
  findings: readonly AuditFinding[],
  after: { readonly edits: number; readonly unmended: readonly string[] },
): TrialFigures {
  const wrong = new Map(findings.filter(({ kind }) => WRONG.includes(kind)).map((one) => [one.key, one]));
  const expected = planted.flatMap(({ way, found }) => found.map(([key, kind]) => ({ way, key, kind })));
  const undetected = expected.filter(({ key, kind }) => wrong.get(key)?.kind !== kind);
  const known = new Set(expected.map(({ key }) => key));
  const falseAlarms = [...wrong.values()].filter(({ key }) => !known.has(key));
  return {
    planted: expected.length,
    ways: planted.map(({ way }) => way),
    undetected: undetected.map(({ way, key, kind }) => `${key} (${way}): wanted ${kind}, got ${wrong.get(key)?.kind}`),
    falseAlarms: falseAlarms.map(({ key, kind, cause }) => `${key}: ${kind}, ${cause.code}`),
    calls: audit.counts.calls,
    rechecked: audit.counts.rechecked,
    ...after,
  };
}

/** The fault to be found: fields are not compared, only whether records are there. */
function blindToFields(store: Store): Store {
  return {
    ...store,
    async auditSuspects(...given) {
      const slice = await store.auditSuspects(...given);
      return { ...slice, rows: slice.rows.filter(({ shown }) => shown === undefined) };
    },
  };
}

/** A page of a listing takes its time, so that much goes on between the first and the last. */
function slowly(handlers: TwoSystems["handlers"], clock: Clock): TwoSystems["handlers"] {
  return new Map(
    [...handlers].map(([origin, handler]) => [
      origin,
      async (request: Request) => {
        const answer = await handler(request);
        const isPage = request.method === "GET" && !/[?&](keys|since)=/.test(request.url);
        if (isPage) await new Promise<void>((resolve) => clock.timer(PAGE_MS, resolve));
        return answer;
      },
    ]),
  );
}

/** The fault to be found: what looks different is judged as it was when the audit began, not as it is. */
function staleReads(systems: TwoSystems): TwoSystems["handlers"] {
  const before = new Map(systems.people);
  return new Map(
    [...systems.handlers].map(([origin, handler]) => [
      origin,
      async (request: Request) => {
        const url = new URL(request.url);
        const keys = url.searchParams.get("keys");
        if (keys === null || url.pathname !== "/people") return handler(request);
        return Response.json({ records: keys.split(",").flatMap((key) => before.get(key) ?? []) });
      },
    ]),
  );
}
