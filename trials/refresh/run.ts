// One run: accounts are refreshed by four processes at once while one of them is killed or stopped, and refreshed once more
// to see that they live. Three such groups of four work side by side on the same file of state.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../../src/rehearse/simulators.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { SmallAuthority } from "../../src/testing/small-authority.ts";
import { realClock, realRandom } from "../../src/world/real.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import { firstToken, type Orders } from "./child-lines.ts";
import type { Options } from "./options.ts";
import { isUnavoidable, plansOf, type Plan } from "./plan.ts";
import { Process, type Answer } from "./process.ts";
import type { Figures } from "./verdict.ts";

const PROCESSES = 4;
const GROUPS = 3;
const TELL_EVERY = 25;

export interface Outcome {
  readonly figures: Figures;
  readonly problems: readonly string[];
  readonly folder: string;
}

export async function runRefresh(options: Options, say: (words: string) => void): Promise<Outcome> {
  const beganAt = Date.now();
  const plans = plansOf(options.trials, new SeededRandom(options.seed));
  const folder = join(import.meta.dirname, "..", "..", ".data", "trials", `refresh-${options.seed}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const dataPath = join(folder, "bowline.db");
  await declareAll(dataPath, plans);
  const authority = new SmallAuthority({ clock: realClock, random: realRandom });
  for (const { connection, graceMs } of plans) authority.seed(connection, firstToken(connection), graceMs);
  const served = await serve((request) => authority.fetch(request));
  const orders: Orders = {
    dataPath,
    folder,
    tokenUrl: `${served.url}/token`,
    ...(options.plant === undefined ? {} : { plant: options.plant }),
  };
  const counts = { kills: 0, stops: 0 };
  const problems: string[] = [];
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: PROCESSES }, () => new Process(orders, counts, (reason) => problems.push(reason))),
  );
  const tallies = { unavoidable: 0, lost: 0, done: 0, byFault: {} as Record<string, number> };
  const left = [...plans];

  async function work(group: readonly Process[]): Promise<void> {
    for (let plan = left.shift(); plan !== undefined; plan = left.shift()) {
      const { fault, graceMs } = plan;
      const found = await tryOnce(plan, group, authority);
      if (found.is === "unavoidable") tallies.unavoidable += 1;
      if (found.is === "lost") {
        tallies.lost += 1;
        problems.push(`${plan.connection} (${fault}, ${graceMs === 0 ? "no grace" : "grace"}): ${found.reason}`);
      }
      tallies.done += 1;
      tallies.byFault[`${fault}${graceMs === 0 ? "" : " with grace"}`] =
        (tallies.byFault[`${fault}${graceMs === 0 ? "" : " with grace"}`] ?? 0) + 1;
      if (tallies.done % TELL_EVERY === 0) say(`${tallies.done} of ${plans.length}, ${tallies.lost} lost`);
    }
  }

  try {
    await Promise.all(groups.flat().map(({ ready }) => ready));
    await Promise.all(groups.map(work));
  } finally {
    await Promise.all(groups.flat().map((one) => one.close()));
    await served.close();
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
  }
  problems.push(...authority.presentedTwice.map((token) => `presented twice outside a grace: ${token}`));
  const figures: Figures = {
    trials: tallies.done,
    connectionsLost: tallies.lost,
    presentedTwice: authority.presentedTwice.length,
    ...counts,
    refreshes: authority.refreshes,
    unavoidable: tallies.unavoidable,
    presentedInGrace: authority.presentedInGrace,
    byFault: tallies.byFault,
    seed: options.seed,
    plant: options.plant ?? null,
    seconds: Math.round((Date.now() - beganAt) / 100) / 10,
  };
  return { figures, problems, folder };
}

async function declareAll(path: string, plans: readonly Plan[]): Promise<void> {
  const store = await openSqliteStore({ path });
  await store.declare({ connections: plans.map(({ connection }) => connection), resources: [], syncs: [] });
  await store.close();
}

type Found =
  | { readonly is: "kept" }
  | { readonly is: "unavoidable" }
  | { readonly is: "lost"; readonly reason: string };

/** All want the token at once, one of them has its accident; then each wants the next one. */
async function tryOnce(plan: Plan, group: readonly Process[], authority: SmallAuthority): Promise<Found> {
  const first = await Promise.all(group.map((one) => one.perform({ plan })));
  const found = judged(plan, first, authority);
  if (found.is !== "kept") return found;
  const again = await Promise.all(group.map((one, index) => one.perform({ plan, ...tokenOf(first[index]) })));
  const after = judged(plan, again, authority);
  if (after.is !== "kept")
    return { is: "lost", reason: `after it had been kept: ${after.is === "lost" ? after.reason : ""}` };
  return after;
}

const tokenOf = (answer: Answer | undefined) => (answer?.is === "token" ? { again: answer.token } : {});

function judged(plan: Plan, answers: readonly Answer[], authority: SmallAuthority): Found {
  const lost = answers.find((answer) => answer.is === "lost");
  const isRevoked = authority.families.get(plan.connection)?.revoked === true;
  if (isRevoked) return { is: "lost", reason: "the provider took all its tokens back" };
  if (lost !== undefined) {
    const given = answers.filter(({ is }) => is === "lost").length;
    return isUnavoidable(plan) && given === answers.length
      ? { is: "unavoidable" }
      : { is: "lost", reason: lost.reason };
  }
  const dead = answers.find(
    (answer) => answer.is === "token" && authority.ownerOf(answer.token)?.name !== plan.connection,
  );
  return dead === undefined
    ? { is: "kept" }
    : { is: "lost", reason: "a token was given out that the provider does not take" };
}
