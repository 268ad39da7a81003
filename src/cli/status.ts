// `bowline status`: is everything fresh, and if not, what holds it.
import type { Command } from "commander";
import type { ConnectionHealth, Status, SyncHealth } from "../control.ts";
import { counted } from "../define/counted.ts";
import type { Restored } from "../store/store.ts";
import { unreadableOf } from "../observe/unreadable.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import type { Cell } from "./table.ts";
import { agoText, durationText, timeText } from "./times.ts";

export function addStatus(program: Command, act: Act): void {
  program
    .command("status")
    .summary("is everything fresh, and if not, what holds it")
    .description(
      "Shows each sync and connection: how far behind, how much waits, what is parked.\nEnds with 1 when something needs a person or Bowline does not run.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline status", "for people"],
        ["bowline status --json | jq .syncs", "for programs"],
        ["bowline status || notify-finance", "as a health check"],
      ),
    )
    .action(
      act(async (session: Session) => {
        const { status, running } = await session.withState(async ({ control, how }) => ({
          status: await control.status(),
          running: how === "remote",
        }));
        session.answer({ running, ...status }, () => statusText(session, status, running));
        return running && isWell(status) ? EXIT.ok : EXIT.attention;
      }),
    );
}

export function isWell(status: Status): boolean {
  return (
    status.syncs.every(({ health }) => health === "fresh") &&
    status.connections.every(({ state }) => state === "active") &&
    status.arrivalsUnreadable === 0 &&
    status.recordsUnreadable === 0
  );
}

const HEALTH_STYLES = { fresh: "green", behind: "red", held: "yellow", parked: "yellow" } as const;

export function statusText(session: Session, status: Status, running: boolean): string {
  const { paint } = session;
  const state = running ? paint("green", "running") : paint("red", "not running: nothing moves until it is started");
  const parts = [
    `${paint("bold", status.project)}  ${state}  ${timeText(status.at)}\n`,
    syncTable(session, status),
    connectionTable(session, status),
  ];
  if (status.restored !== undefined) parts.push(paint("yellow", restoredText(status.restored)));
  if (status.arrivalsWaiting > 0) parts.push(`${status.arrivalsWaiting} webhooks wait to be taken up\n`);
  if (status.arrivalsUnreadable > 0) {
    parts.push(paint("yellow", `${status.arrivalsUnreadable} webhooks could not be read; the log says why\n`));
  }
  if (status.recordsUnreadable > 0) parts.push(unreadableText(session, status));
  if (status.webhooksLost.length > 0) {
    const names = status.webhooksLost.join(", ");
    parts.push(paint("yellow", `webhooks of ${names} do not come as usual; changes are polled: bowline webhooks\n`));
  }
  if (status.drifts > 0)
    parts.push(paint("yellow", `${counted(status.drifts, "drift touches", "drifts touch")} a sync: bowline drift\n`));
  return parts.join("\n");
}

function restoredText({ madeAt, doubted }: Restored): string {
  const backup = madeAt === undefined ? "a backup" : `the backup of ${timeText(madeAt)}`;
  return `restored from ${backup}; not listed since: ${doubted.join(", ")}. What is new there is looked up before it is created\n`;
}

/** Each with what is known of it: it has no key by which it could be found elsewhere. */
function unreadableText({ paint }: Session, { resources, recordsUnreadable }: Status): string {
  const lines = resources.flatMap((resource) =>
    unreadableOf(resource).map(
      ({ at, place, reason, excerpt }) => `  ${resource.resource}, ${place}, ${timeText(at)}: ${reason}: ${excerpt}\n`,
    ),
  );
  return `${paint("yellow", `${counted(recordsUnreadable, "record cannot be read, and is", "records cannot be read, and are")} in no sync`)}\n${lines.join("")}`;
}

function syncTable(session: Session, { syncs, at }: Status): string {
  const row = (sync: SyncHealth): readonly Cell[] => [
    sync.sync,
    { text: sync.health, style: HEALTH_STYLES[sync.health] },
    sync.behindMs === 0 ? "-" : durationText(sync.behindMs),
    String(sync.ready + sync.sending),
    String(sync.waiting),
    String(sync.unknown),
    sync.parked === 0 ? "0" : { text: String(sync.parked), style: "yellow" },
    String(sync.links),
    agoText(sync.lastClearedAt, at),
    sync.owner,
    sync.heldBecause ?? "",
  ];
  return session.table(
    [
      { title: "SYNC" },
      { title: "HEALTH" },
      { title: "BEHIND", align: "right" },
      { title: "READY", align: "right" },
      { title: "WAITING", align: "right" },
      { title: "UNKNOWN", align: "right" },
      { title: "PARKED", align: "right" },
      { title: "LINKS", align: "right" },
      { title: "LAST AGREED" },
      { title: "OWNER" },
      { title: "HELD BECAUSE", flexible: true },
    ],
    syncs.map(row),
  );
}

function connectionTable(session: Session, { connections, at }: Status): string {
  const row = ({ connection, connector, state, reason, heldUntil = at }: ConnectionHealth): readonly Cell[] => {
    const isHeld = heldUntil > at;
    return [
      connection,
      connector,
      state === "active" && isHeld
        ? { text: "held", style: "yellow" }
        : { text: state, style: state === "active" ? "green" : "red" },
      isHeld ? `${durationText(heldUntil - at)} more` : "-",
      reason ?? "",
    ];
  };
  return session.table(
    [
      { title: "CONNECTION" },
      { title: "CONNECTOR" },
      { title: "STATE" },
      { title: "HELD" },
      { title: "REASON", flexible: true },
    ],
    connections.map(row),
  );
}
