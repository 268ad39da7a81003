// All that happened to a record, whichever side it is found by: its history, its arrivals and its requests, in time order.
import type { StoryEntry } from "../store.ts";
import type { Names } from "./names.ts";
import { priorityOf } from "./priority.ts";
import { loggedRequestOf, type LoggedRequest } from "./request.ts";
import { number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** The newest entries of each kind that one story tells. */
const STORY_ENTRIES_MAX = 1000;

export type Story = (keyOrTitle: string) => readonly StoryEntry[];

export function prepareStory(database: DatabaseSync, names: Names): Story {
  const byTitle = database.prepare("SELECT id, key FROM record WHERE title = ? LIMIT ?");
  const byKey = database.prepare("SELECT id, key FROM record WHERE resource = ? AND key = ?");
  const byTarget = database.prepare("SELECT record FROM link WHERE sync = ? AND target_key = ?");
  const counterpart = database.prepare(
    "SELECT r.id FROM link l JOIN record r ON r.resource = ?3 AND r.key = l.target_key WHERE l.sync = ?1 AND l.record = ?2",
  );
  const byId = database.prepare("SELECT id, resource, key FROM record WHERE id = ?");
  const history = database.prepare(`
    SELECT h.at, h.sync, h.what, h.cause, h.priority, h.text, h.sent, h.sent_at, a.dedupe_id
    FROM history h LEFT JOIN arrival a ON a.id = h.arrival WHERE h.record = ? ORDER BY h.id DESC LIMIT ?`);
  const armed = database.prepare(`
    SELECT sent_at, sync, write ->> 'action' AS sent FROM pending WHERE sync = ? AND record = ? AND sent_at IS NOT NULL`);
  const requests = database.prepare(`
    SELECT id, connection, at, method, url, status, outcome, reason, duration_ms, sync, key, NULL AS bodies, headers, repeat, repeats
    FROM request WHERE key = ? AND sync IS NOT NULL ORDER BY id DESC LIMIT ?`);

  /** The records that this key or title names, and the source records that are linked to them. */
  function recordsOf(keyOrTitle: string): Set<number> {
    const found = new Set<number>();
    const keys = new Set([keyOrTitle]);
    for (const row of byTitle.all(keyOrTitle, STORY_ENTRIES_MAX)) {
      found.add(number(row, "id"));
      keys.add(text(row, "key"));
    }
    for (const [, resource] of names.resources()) {
      const row = byKey.get(resource, keyOrTitle);
      if (row !== undefined) found.add(number(row, "id"));
    }
    for (const { id } of names.syncs()) {
      for (const key of keys) {
        const row = byTarget.get(id, key);
        if (row !== undefined) found.add(number(row, "record"));
      }
    }
    // Of a pair both sides have their own history.
    for (const { id, to, twoWay } of names.syncs()) {
      if (!twoWay) continue;
      for (const record of found) {
        const row = counterpart.get(id, record, to);
        if (row !== undefined) found.add(number(row, "id"));
      }
    }
    return found;
  }

  return (keyOrTitle) => {
    const entries: StoryEntry[] = [];
    for (const id of recordsOf(keyOrTitle)) {
      const row = byId.get(id);
      if (row === undefined) continue;
      const key = text(row, "key");
      const from = number(row, "resource");
      const resource = names.resourceName(from);
      const told = history.all(id, STORY_ENTRIES_MAX).reverse();
      for (const event of told)
        entries.push(...sentBefore(event, names, resource, key), eventOf(event, names, resource, key));
      for (const sync of names.syncs()) {
        for (const row of armed.all(sync.id, id)) entries.push(...sentBefore(row, names, resource, key));
      }
      for (const request of requests.all(key, STORY_ENTRIES_MAX).reverse()) {
        const logged = loggedRequestOf(request, names);
        if (logged.sync === undefined) continue;
        const sync = names.sync(logged.sync);
        if (sync.from !== from && !(sync.twoWay && sync.to === from)) continue;
        entries.push(requestOf(logged, resource, key));
      }
    }
    return entries.sort((one, other) => one.at - other.at);
  };
}

/** The write that was armed before this event, or is now. */
function sentBefore(row: Row, names: Names, resource: string, key: string): readonly StoryEntry[] {
  const at = numberOrNone(row, "sent_at");
  if (at === undefined) return [];
  return [
    { at, what: "sending", resource, sync: names.syncById(number(row, "sync")).name, key, text: text(row, "sent") },
  ];
}

function eventOf(row: Row, names: Names, resource: string, key: string): StoryEntry {
  const sync = numberOrNone(row, "sync");
  return present({
    at: number(row, "at"),
    what: text(row, "what"),
    resource,
    sync: sync === undefined ? undefined : names.syncById(sync).name,
    key,
    text: textOf(row),
  });
}

/** "webhook, live (delivery 17)", or the words kept with the event. */
function textOf(row: Row): string {
  const words = [textOrNone(row, "cause"), textOrNone(row, "text")].filter((word) => word !== undefined);
  const priority = numberOrNone(row, "priority");
  if (priority !== undefined) words.push(priorityOf(priority));
  const delivery = textOrNone(row, "dedupe_id");
  return words.join(", ") + (delivery === undefined ? "" : ` (delivery ${delivery})`);
}

function requestOf(request: LoggedRequest, resource: string, key: string): StoryEntry {
  const { at, sync, method, url, status, outcome, reason } = request;
  const answer = status === undefined ? outcome : `${status} ${outcome}`;
  const words = `${method} ${url}: ${answer}${reason === undefined ? "" : `, ${reason}`}`;
  return present({ at, what: "request", resource, sync, key, text: words });
}
