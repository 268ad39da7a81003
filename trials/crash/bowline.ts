// Bowline as it is put on trial: the engine as people run it, on a file on disk, with points around its store and its
// network at which it can kill itself.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { openEngine, type Engine } from "../../src/engine.ts";
import type { Claim, Settlement, Store } from "../../src/store/store.ts";
import { realWorld } from "../../src/world/real.ts";
import type { ChildLine, ChildStatus, Orders } from "./child-lines.ts";
import { networkThroughPoints, throughPoints, type Pass } from "./kill-points.ts";
import { trialProject } from "./project.ts";

const { dataPath, port, plant, kill }: Orders = JSON.parse(process.argv[2] ?? "{}");
const life = { cleared: false, passed: 0 };

const pass: Pass = (point) => {
  if (kill === undefined || point !== kill.point || (kill.onceCleared && !life.cleared)) return;
  life.passed += 1;
  if (life.passed < kill.time) return;
  say({ is: "at", point });
  process.kill(process.pid, "SIGKILL");
};

const world = realWorld();
const engine = await openEngine({
  project: trialProject(),
  dataPath,
  port,
  world: { ...world, network: networkThroughPoints(world.network, pass) },
  throughStore: (store) => told(throughPoints(store, pass)),
  log: (level, message, facts) => {
    if (level !== "info") say({ is: "log", level, message: `${message} ${JSON.stringify(facts ?? {})}` });
  },
  ...(plant === undefined ? {} : { plants: new Set([plant]) }),
});
await engine.start();
say({ is: "ready" });

const commands = createInterface({ input: process.stdin });
commands.on("line", () => {
  void statusOf(engine).then((status) => say({ is: "status", ...status }));
});
commands.on("close", () => {
  void engine.stop().then(() => process.exit(0));
});

/** Written at once, so that the line is out before the kill that may follow. */
function say(line: ChildLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** Tells the trial what became durable. */
function told(store: Store): Store {
  const unknown = new Set<string>();
  return {
    ...store,
    async recover(at) {
      const writes = await store.recover(at);
      if (writes > 0) say({ is: "recovered", writes });
      return writes;
    },
    async claim(query) {
      const claims = await store.claim(query);
      for (const claim of claims) if (claim.state === "unknown") unknown.add(nameOf(claim));
      return claims;
    },
    async settle(settlements) {
      const settled = await store.settle(settlements);
      const cleared = settlements.filter(({ to }) => to === "cleared");
      const resolved = cleared.filter((settlement) => unknown.delete(nameOf(settlement)));
      if (resolved.length > 0) say({ is: "resolved", writes: resolved.length });
      if (cleared.length > 0 && !life.cleared) {
        life.cleared = true;
        say({ is: "cleared" });
      }
      return settled;
    },
    async saveCredential(connection, version, ...credential) {
      const saved = await store.saveCredential(connection, version, ...credential);
      // The first is the setting's refresh token being put away.
      if (saved && version > 0) say({ is: "refreshed" });
      return saved;
    },
  };
}

function nameOf({ sync, key }: Pick<Claim | Settlement, "sync" | "key">): string {
  return `${sync} ${key}`;
}

async function statusOf({ control }: Engine): Promise<ChildStatus> {
  const { syncs, resources, connections, arrivalsWaiting } = await control.status();
  const parked = await control.parked({ limit: 20 });
  const rows = syncs.map(({ ready, waiting, sending, unknown }) => ready + waiting + sending + unknown);
  const listed = resources.filter(({ resource }) => resource.startsWith("shop/"));
  return {
    pending: rows.reduce((sum, count) => sum + count, arrivalsWaiting),
    parked: parked.map(({ sync, key, title, cause, reason }) => `${sync} ${title ?? key}: ${cause}: ${reason}`),
    listedUntil: Math.min(...listed.map(({ changes }) => changes?.completeAt ?? 0)),
    lostConnections: connections.filter(({ state }) => state !== "active").map(({ connection }) => connection),
  };
}
