// What an audit listed, kept a page in a row: a million records are a few hundred rows, and only those whose sums differ ever
// become rows of their own. A page tells of each record which link it belongs to, and digests.
import {
  DIGEST_EMPTY,
  DIGEST_OMITTED,
  EXPECTS,
  MARK_WORDS,
  placeIn,
  type AuditMarks,
  type AuditSide,
  type AuditSlice,
} from "../audit.ts";
import type { Sync } from "./names.ts";
import { bytes, number, text, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface AuditPages {
  add(audit: number, sync: Sync, side: AuditSide): void;
  /** Takes away what was listed of one side. */
  drop(audit: number, side: AuditSide["side"]): void;
  marks(audit: number, after: string, limit: number): AuditSlice<AuditMarks>;
  /** Makes rows of the records at these places; says after which page it goes on. */
  sift(audit: number, places: Uint8Array, after: string, limit: number): string | undefined;
  /** Pages of target records, and what each of them showed. */
  shown(audit: number, after: string, limit: number): AuditSlice<ShownPage>;
  sweep(audit: number, limit: number): number;
}

export interface ShownPage {
  readonly keys: readonly string[];
  readonly digestsOf: (index: number) => Uint8Array;
}

export function prepareAuditPages(database: DatabaseSync): AuditPages {
  const insert = database.prepare(
    "INSERT INTO audit_page (audit, side, marks, expects, keys, digests) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const addSource = database.prepare("INSERT OR REPLACE INTO audit_source VALUES (?, ?, ?, ?)");
  const addTarget = database.prepare("INSERT OR REPLACE INTO audit_target VALUES (?, ?, ?)");
  const drops = ["page", "source", "target"].map((what) =>
    database.prepare(`DELETE FROM audit_${what} WHERE audit = ?${what === "page" ? " AND side = ?" : ""}`),
  );
  // The links of all keys in one go: looking each up by itself costs three times as much.
  const linksOfSources = database.prepare(`
    SELECT json_group_array(l.rowid ORDER BY j.key) AS links
    FROM json_each(?1) j
      LEFT JOIN record r ON r.resource = ?2 AND r.key = j.value
      LEFT JOIN link l ON l.sync = ?3 AND l.record = r.id`);
  const linksOfTargets = database.prepare(`
    SELECT json_group_array(l.rowid ORDER BY j.key) AS links
    FROM json_each(?1) j LEFT JOIN link l ON l.sync = ?2 AND l.target_key = j.value`);
  const marks = database.prepare(
    "SELECT id, side, marks FROM audit_page WHERE audit = ? AND id > ? ORDER BY id LIMIT ?",
  );
  const page = database.prepare("SELECT side, expects, keys, digests FROM audit_page WHERE id = ?");
  const targets = database.prepare(`
    SELECT id, keys, digests FROM audit_page WHERE audit = ? AND side = 'target' AND id > ? ORDER BY id LIMIT ?`);
  const sweep = database.prepare(
    "DELETE FROM audit_page WHERE id IN (SELECT id FROM audit_page WHERE audit = ? ORDER BY id LIMIT ?)",
  );

  function addRow(audit: number, side: AuditSide["side"], key: string, expects: number, digests: Uint8Array): void {
    if (side === "target") addTarget.run(audit, key, digests);
    else addSource.run(audit, key, expects, digests);
  }

  return {
    add(audit, sync, { side, keys, expects, digests }) {
      const names = JSON.stringify(keys);
      const found =
        side === "source" ? linksOfSources.get(names, sync.from, sync.id) : linksOfTargets.get(names, sync.id);
      const links = JSON.parse(text(found as Row, "links")) as readonly (number | null)[];
      insert.run(audit, side, marksOf(links, digests, expects), expects ?? null, names, digests);
      const width = digests.length / Math.max(1, keys.length);
      keys.forEach((key, index) => {
        const expected = expects?.[index] ?? EXPECTS.unclear;
        const stands = side === "source" && (expected === EXPECTS.anything || expected === EXPECTS.nothing);
        // What belongs to no link is compared with nothing, and what nobody can tell is looked at in any case.
        const isAlone = links[index] === null && !stands;
        if (!isAlone && (side === "target" || expected !== EXPECTS.unclear)) return;
        addRow(audit, side, key, expected, digests.subarray(index * width, (index + 1) * width));
      });
    },
    drop(audit, side) {
      const [pages, ...rows] = drops;
      pages?.run(audit, side);
      rows[side === "source" ? 0 : 1]?.run(audit);
    },
    marks(audit, after, limit) {
      const rows = marks.all(audit, Number(after), limit);
      return sliceOf(rows, limit, (row) => ({ side: text(row, "side") as AuditSide["side"], marks: wordsOf(row) }));
    },
    sift(audit, places, after, limit) {
      const rows = marks.all(audit, Number(after), limit);
      for (const row of rows) {
        const wanted = indexesAt(places, wordsOf(row));
        const kept = wanted.length === 0 ? undefined : page.get(number(row, "id"));
        if (kept === undefined) continue;
        const { keys, digestsOf } = pageOf(kept);
        const expects = kept["expects"] === null ? undefined : bytes(kept, "expects");
        for (const index of wanted) {
          const side = text(kept, "side") as AuditSide["side"];
          addRow(audit, side, keys[index] as string, expects?.[index] ?? EXPECTS.unclear, digestsOf(index));
        }
      }
      return sliceOf(rows, limit, () => undefined).next;
    },
    shown: (audit, after, limit) => sliceOf(targets.all(audit, Number(after), limit), limit, pageOf),
    sweep: (audit, limit) => Number(sweep.run(audit, limit).changes),
  };
}

function sliceOf<Found>(rows: readonly Row[], limit: number, of: (row: Row) => Found): AuditSlice<Found> {
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { rows: rows.map(of), ...(last === undefined ? {} : { next: String(number(last, "id")) }) };
}

function pageOf(row: Row): ShownPage {
  const keys = JSON.parse(text(row, "keys")) as readonly string[];
  const digests = bytes(row, "digests");
  const width = digests.length / Math.max(1, keys.length);
  return { keys, digestsOf: (index) => digests.subarray(index * width, (index + 1) * width) };
}

/** Indexes of the records at these places. */
function indexesAt(places: Uint8Array, marks: Uint32Array): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index * MARK_WORDS < marks.length; index += 1) {
    const place = placeIn(marks, index);
    if (((places[place >> 3] ?? 0) & (1 << (place & 7))) !== 0) found.push(index);
  }
  return found;
}

function wordsOf(row: Row): Uint32Array {
  const marks = bytes(row, "marks");
  return asWords(marks);
}

/** Words have to begin at a multiple of four. */
function asWords(given: Uint8Array): Uint32Array {
  const { buffer, byteOffset, byteLength } = byteOf(given);
  return new Uint32Array(buffer, byteOffset, byteLength >> 2);
}

const byteOf = (given: Uint8Array): Uint8Array => (given.byteOffset % 4 === 0 ? given : Uint8Array.from(given));

/** A mark for each record. One that expects no fields, or belongs to no link, adds nothing to the sums. */
function marksOf(links: readonly (number | null)[], digests: Uint8Array, expects: Uint8Array | undefined): Uint32Array {
  const words = asWords(digests);
  const width = words.length / Math.max(1, links.length);
  const marks = new Uint32Array(links.length * MARK_WORDS);
  links.forEach((link, index) => {
    if (link === null) return;
    mark(marks, index * MARK_WORDS, link, words.subarray(index * width, (index + 1) * width));
    if (expects !== undefined && expects[index] !== EXPECTS.fields)
      marks.fill(0, index * MARK_WORDS + 1, (index + 1) * MARK_WORDS);
  });
  return marks;
}

/** Murmur's steps with two sets of constants; what a rule leaves out counts as empty. */
function mark(marks: Uint32Array, at: number, link: number, digests: Uint32Array): void {
  const place = mixed(Math.imul(link | 0, 0x9e3779b1) ^ Math.floor(link / 2 ** 32));
  let first = place;
  let second = ~place;
  for (let index = 0; index < digests.length; index += 1) {
    const digest = digests[index] as number;
    const word = digest === DIGEST_OMITTED ? DIGEST_EMPTY : digest;
    first = Math.imul(first ^ word, 0x5bd1e995);
    first ^= first >>> 15;
    second = Math.imul(second ^ word, 0xc2b2ae3d | 0);
    second ^= second >>> 13;
  }
  marks[at] = place;
  marks[at + 1] = mixed(first);
  marks[at + 2] = mixed(second);
}

function mixed(state: number): number {
  let word = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return word ^ (word >>> 16);
}
