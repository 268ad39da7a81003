// One audit from its beginning to its end, in stages and slices: each is durable before the next begins, so that it goes on
// where it was after a restart. Nothing of either side is held in memory.
import type { Caller } from "../../call/caller.ts";
import { CallFailed } from "../../define/outcome.ts";
import { durationText } from "../../define/duration.ts";
import {
  EXPECTS,
  type AuditFindingRow,
  type AuditRow,
  type AuditStep,
  type UnmatchedTarget,
} from "../../store/audit.ts";
import type { Store } from "../../store/store.ts";
import type { World } from "../../world/world.ts";
import type { Auditable } from "./auditable.ts";
import { changedAt } from "./cause.ts";
import { AuditCalls, AuditStopped } from "./calls.ts";
import { shareMax } from "./confidence.ts";
import { digestOf } from "./digest.ts";
import { agreesByBase } from "./local-check.ts";
import { linksOf, lookAtBoth, type Both, type Looked } from "./look-both.ts";
import { SideRecords } from "./records.ts";
import { mendingOf, observationOf, relinksOf } from "./repair.ts";
import {
  REPAIRABLE,
  WRONG,
  type AuditAsked,
  type AuditCounts,
  type AuditFinding,
  type AuditProgress,
  type AuditResult,
  type AuditStage,
  type CauseCode,
  type FindingKind,
} from "./report.ts";
import { drawSample } from "./sample.ts";
import { SideRows } from "./side-rows.ts";

/** Rows that are made durable together. */
const ROWS_PER_STEP = 2_000;
/** Rows that are compared in one go. */
const SLICE_ROWS = 2_000;
/** Rows that are swept away in one go. */
const SWEEP_ROWS = 5_000;
/** Records that are read again on both sides together. */
const LOOK_KEYS = 100;
/** More that look different are counted, not read again: then it is no longer about single records. */
export const SUSPECTS_MAX = 10_000;
/** Unmatched target records that are told, and that are compared with the linked ones. */
const UNMATCHED_TOLD_MAX = 20;
const UNMATCHED_COMPARED_MAX = 10_000;
/** How often a record that changes all the time is read again. */
const LOOKS_MAX = 4;
/** The longest that is waited until a change counts as missed; beyond it such a record is told as under way. */
const WAIT_MS_MAX = 10 * 60_000;
/** The longest that is waited until what was marked is written. */
const MENDING_MS_MAX = 15 * 60_000;

export interface AuditRunParts {
  readonly auditable: Auditable;
  readonly store: Store;
  readonly world: World;
  readonly source: Caller;
  readonly target: Caller;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
}

/** The kind under which a record that may be amiss is kept until it was read again. */
const SUSPECT = "suspect";

export class AuditRun {
  readonly id: number;
  readonly #parts: AuditRunParts;
  readonly #asked: AuditAsked;
  readonly #calls: AuditCalls;
  readonly #both: Both;
  readonly #looks = new Map<
    string,
    { readonly times: number; readonly hash: string | undefined; readonly at: number }
  >();
  readonly #callsBefore: number;
  #progress: AuditProgress;

  constructor(parts: AuditRunParts, row: AuditRow) {
    const { auditable, store, world } = parts;
    this.id = row.id;
    this.#parts = parts;
    this.#asked = JSON.parse(row.asked) as AuditAsked;
    this.#progress = JSON.parse(row.progress) as AuditProgress;
    this.#callsBefore = this.#progress.counts.calls;
    this.#calls = new AuditCalls(world, auditable.name);
    this.#both = {
      id: row.id,
      auditable,
      store,
      source: new SideRecords(auditable.from, parts.source, this.#calls),
      target: new SideRecords(auditable.to, parts.target, this.#calls),
    };
  }

  get progress(): AuditProgress {
    return this.#progress;
  }

  stop(): void {
    this.#calls.stop();
  }

  /** Resolves when it has ended or was stopped. */
  async run(): Promise<void> {
    try {
      while (this.#progress.stage !== "sweep") await this.#stage(this.#progress.stage);
      await this.#end();
    } catch (error) {
      if (error instanceof AuditStopped || this.#calls.stopped) return;
      await this.#fail(error);
    }
  }

  #stage(stage: AuditStage): Promise<void> {
    switch (stage) {
      case "source":
        return this.#gather("source", "target");
      case "target":
        return this.#gather("target", "compare");
      case "sample":
        return this.#sample();
      case "compare":
        return this.#compare();
      case "gone":
        return this.#gone();
      case "unmatched":
        return this.#unmatched();
      case "recheck":
        return this.#recheck();
      case "repair":
        return this.#repair();
      case "verify":
        return this.#verify();
      case "sweep":
        return Promise.resolve();
    }
  }

  get #now(): number {
    return this.#parts.world.clock.now();
  }

  async #step(
    progress: Partial<AuditProgress>,
    step: Omit<AuditStep, "id" | "progress" | "requests"> = {},
  ): Promise<void> {
    const requests = this.#calls.takeEntries();
    const counts = { ...this.#progress.counts, ...progress.counts, calls: this.#callsBefore + this.#calls.made };
    this.#progress = { ...this.#progress, ...progress, counts };
    await this.#parts.store.auditStep({ id: this.id, progress: JSON.stringify(this.#progress), requests, ...step });
    this.#calls.goOn();
  }

  /** The stage is over. */
  #next(stage: AuditStage, more: Partial<AuditProgress> = {}): Promise<void> {
    const { at: _at, ...rest } = this.#progress;
    this.#progress = { ...rest, ...more, stage };
    return this.#step({});
  }

  #count(more: Partial<AuditCounts>): AuditCounts {
    const counts: Record<string, number> = { ...this.#progress.counts };
    for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + count;
    return counts as unknown as AuditCounts;
  }

  // ------------------------------------------------------------ list both sides

  async #gather(side: "source" | "target", next: AuditStage): Promise<void> {
    const began = this.#progress.at;
    if (side === "source" && began === undefined) await this.#step({ sourceFrom: this.#now });
    try {
      await this.#gatherFrom(side, began);
    } catch (error) {
      // A cursor does not live for ever: after a restart the side is listed from its beginning.
      const isOld = began !== undefined && error instanceof CallFailed && this.#progress.at === began;
      if (!isOld || !["invalid", "missing"].includes(error.outcome.kind)) throw error;
      const { at: _at, ...rest } = this.#progress;
      this.#progress = { ...rest, counts: { ...rest.counts, [side]: 0 } };
      await this.#gatherFrom(side, undefined);
    }
    await this.#next(next, side === "source" ? { sourceUntil: this.#now } : {});
  }

  async #gatherFrom(side: "source" | "target", from: string | undefined): Promise<void> {
    const { auditable } = this.#parts;
    const { resource } = side === "source" ? auditable.from : auditable.to;
    const pages = this.#both[side].isListed ? this.#listed(side, from) : this.#known(side, from);
    let rows = new SideRows(auditable, side, ROWS_PER_STEP);
    let writing: Promise<void> = Promise.resolve();
    for await (const { records, next } of pages) {
      const linked = side === "source" ? await linksOf(this.#both, records) : () => undefined;
      for (const record of records) {
        if (side === "source") rows.addSource(resource.key(record), record, linked);
        else rows.addTarget(resource.key(record), record);
      }
      if (rows.count < ROWS_PER_STEP && next !== undefined) continue;
      await writing;
      const counts = this.#count({ [side]: rows.count });
      writing = this.#step(next === undefined ? { counts } : { counts, at: next }, { sides: [rows.rows()] });
      // Whether it failed is told to whoever waits for it, a page later.
      writing.catch(() => undefined);
      rows = new SideRows(auditable, side, ROWS_PER_STEP);
    }
    await writing;
  }

  async *#listed(side: "source" | "target", from: string | undefined): AsyncGenerator<RecordPage> {
    for (let cursor = from; ;) {
      const { records, next } = await this.#both[side].page(cursor);
      yield { records, next };
      if (next === undefined) return;
      cursor = next;
    }
  }

  /** What cannot be listed is read by the keys that are known. */
  async *#known(side: "source" | "target", from: string | undefined): AsyncGenerator<RecordPage> {
    const { store, auditable } = this.#parts;
    for (let after = from; ;) {
      const page =
        side === "source"
          ? (await store.auditKeys(this.id, after, LOOK_KEYS)).map((key) => ({ key, asked: key }))
          : (await store.linkPage(auditable.name, after, LOOK_KEYS)).map(({ key, targetKey }) => ({
              key,
              asked: targetKey,
            }));
      const found = await this.#both[side].byKey(page.map(({ asked }) => asked));
      const next = page.length < LOOK_KEYS ? undefined : page.at(-1)?.key;
      yield { records: [...found.values()], next };
      if (next === undefined) return;
      after = next;
    }
  }

  async #sample(): Promise<void> {
    const { store, world } = this.#parts;
    const size = this.#asked.sample ?? 0;
    const keys = await drawSample((after, limit) => store.auditKeys(this.id, after, limit), size, world.random);
    const findings = keys.map((key) => ({ kind: SUSPECT, key, detail: "{}" }));
    await this.#step({ counts: this.#count({ source: keys.length }) }, { findings });
    await this.#next("recheck");
  }

  // ------------------------------------------------------------ compare

  async #compare(): Promise<void> {
    const { store, auditable } = this.#parts;
    for (let after = this.#progress.at; ;) {
      const { rows, next } = await store.auditSuspects(this.id, after, SLICE_ROWS);
      const facts =
        rows.length === 0
          ? []
          : await store.auditFacts(
              this.id,
              rows.map(({ key }) => key),
            );
      const suspects = rows.filter((row, index) => {
        const known = facts[index];
        return known === undefined || !agreesByBase(auditable.fields, row, known);
      });
      await this.#suspect(suspects, next);
      if (next === undefined) return this.#next("gone");
      after = next;
    }
  }

  async #gone(): Promise<void> {
    for (let after = this.#progress.at; ;) {
      const { rows, next } = await this.#parts.store.auditGone(this.id, after, SLICE_ROWS);
      await this.#suspect(rows, next);
      if (next === undefined) return this.#next(this.#both.target.isListed ? "unmatched" : "recheck");
      after = next;
    }
  }

  async #suspect(suspects: readonly { readonly key: string }[], next: string | undefined): Promise<void> {
    const room = Math.max(0, SUSPECTS_MAX - (this.#progress.suspects ?? 0));
    const taken = suspects.slice(0, room);
    const progress = {
      suspects: (this.#progress.suspects ?? 0) + taken.length,
      counts: this.#count({ unchecked: suspects.length - taken.length }),
      ...(next === undefined ? {} : { at: next }),
    };
    await this.#step(progress, { findings: taken.map(({ key }) => ({ kind: SUSPECT, key, detail: "{}" })) });
  }

  /** Target records of nobody: told, and those that look like a linked one besides. Nothing is kept before it is complete. */
  async #unmatched(): Promise<void> {
    const { store, auditable } = this.#parts;
    const compared: UnmatchedTarget[] = [];
    const told: AuditFinding[] = [];
    let count = 0;
    for (let after: string | undefined; ;) {
      const { rows, next } = await store.auditUnmatched(this.id, after, SLICE_ROWS);
      this.#calls.goOn();
      count += rows.length;
      compared.push(...rows.slice(0, UNMATCHED_COMPARED_MAX - compared.length));
      for (const { key } of rows.slice(0, UNMATCHED_TOLD_MAX - told.length)) {
        const text = `nobody is linked to it; it may be of before, or made by others in ${auditable.to.id}`;
        told.push({ kind: "unmatched", key, targetKey: key, cause: { code: "unlinked", text } });
      }
      if (next === undefined) break;
      after = next;
    }
    const duplicates = await this.#duplicates(compared);
    const counts = { ...this.#progress.counts, unmatched: count - duplicates.length, duplicates: duplicates.length };
    const twice = new Set(duplicates.map(({ key }) => key));
    const findings = [...told.filter(({ key }) => !twice.has(key)), ...duplicates];
    await this.#step({ counts }, { findings: findings.map(rowOf) });
    await this.#next("recheck");
  }

  async #duplicates(unmatched: readonly UnmatchedTarget[]): Promise<readonly AuditFinding[]> {
    const { auditable, store } = this.#parts;
    if (auditable.fields.length === 0) return [];
    const twins = new Map<string, { readonly targetKey: string; readonly linkedTo: string }>();
    for await (const { key, targetKey, linkedTo } of this.#same(unmatched)) {
      if (linkedTo !== undefined) twins.set(key, { targetKey, linkedTo });
    }
    const found: AuditFinding[] = [];
    for (const [key, { targetKey, linkedTo }] of twins) {
      const [facts] = await store.auditFacts(this.id, [linkedTo]);
      // One that was voided and made anew leaves the voided one behind.
      if (facts?.wasRemoved === true || (await store.linkedTo(auditable.name, key)) !== undefined) continue;
      const now = await this.#both.target.byKey([key, targetKey]);
      const [one, other] = [now.get(key), now.get(targetKey)];
      if (one === undefined || other === undefined || !this.#showSame(one, other)) continue;
      const text = `it shows just the same as ${targetKey}, to which ${linkedTo} is linked: it may have been made twice`;
      found.push({ kind: "duplicate", key, targetKey: key, cause: { code: "made-twice", text } });
    }
    return found;
  }

  #showSame(one: unknown, other: unknown): boolean {
    const { shown, fields } = this.#parts.auditable;
    const [first, second] = [shown(one), shown(other)];
    return fields.every((name) => digestOf(first[name]) === digestOf(second[name]));
  }

  async *#same(wanted: readonly UnmatchedTarget[]) {
    if (wanted.length === 0) return;
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.#parts.store.auditSame(this.id, wanted, after, 10 * SLICE_ROWS);
      this.#calls.goOn();
      yield* rows.filter(({ key, targetKey }) => key !== targetKey);
      if (next === undefined) return;
      after = next;
    }
  }

  // ------------------------------------------------------------ look again

  /** Reads what looks different on both sides as it is now, until each is judged or known to be under way. */
  async #recheck(): Promise<void> {
    for (;;) {
      let dueAt = Number.POSITIVE_INFINITY;
      for await (const suspects of this.#findings(SUSPECT)) {
        const looked = await lookAtBoth(
          this.#both,
          suspects.map(({ key }) => key),
        );
        const ends = looked.map((one) => this.#endOf(one));
        dueAt = Math.min(dueAt, ...ends.flatMap((end) => (end.is === "later" ? [end.at] : [])));
        await this.#judged(ends.filter((end) => end.is === "judged"));
      }
      if (dueAt === Number.POSITIVE_INFINITY) break;
      await this.#calls.wait(dueAt - this.#now);
    }
    await this.#findWrongLinks();
    await this.#next(this.#asked.repair === undefined ? "sweep" : "repair");
  }

  async #judged(ends: readonly JudgedEnd[]): Promise<void> {
    const findings = ends.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
    const of = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
    const counts = this.#count({
      rechecked: ends.length,
      missing: of("missing"),
      extra: of("extra"),
      different: of("different"),
      inFlight: of("in-flight"),
    });
    const keys = ends.map(({ key }) => key);
    await this.#step({ counts }, { without: [{ kind: SUSPECT, keys }], findings: findings.map(rowOf) });
  }

  #endOf(looked: Looked): End {
    const { key, read, judged } = looked;
    const now = this.#now;
    const before = this.#looks.get(key);
    const times = (before?.times ?? 0) + 1;
    const at = before !== undefined && before.hash === read.sourceHash ? before.at : now;
    this.#looks.set(key, { times, hash: read.sourceHash, at });
    if (judged === undefined) {
      if (times < LOOKS_MAX) return { is: "later", key, at: now + 1_000 };
      return { is: "judged", key, finding: underWay(key, "it changes all the time while it is looked at") };
    }
    const { finding } = judged;
    if (finding?.cause.code !== "missed") return { is: "judged", key, ...(finding === undefined ? {} : { finding }) };
    const { freshWithinMs } = this.#parts.auditable;
    const knownSince = changedAt(read) ?? (this.#isAsListed(looked) ? (this.#progress.sourceUntil ?? at) : at);
    const dueAt = knownSince + freshWithinMs;
    if (dueAt <= now) return { is: "judged", key, finding };
    // A change may take so long to be noticed; only one that takes longer was missed.
    if (dueAt - now <= WAIT_MS_MAX) return { is: "later", key, at: dueAt };
    const text = `it changed within the ${durationText(freshWithinMs)} that are promised, and was not noticed yet`;
    return { is: "judged", key, finding: underWay(key, text) };
  }

  /** Did the listing show the source record as it is now? */
  #isAsListed({ key, read, linked }: Looked): boolean {
    const { source, facts } = read;
    if (this.#asked.sample !== undefined) return false;
    if (source === undefined || facts.listed === undefined)
      return (source === undefined) === (facts.listed === undefined);
    const rows = new SideRows(this.#parts.auditable, "source", 1);
    rows.addSource(key, source, linked);
    const now = rows.rows();
    return now.expects?.[0] === facts.listed.expects && Buffer.compare(now.digests, facts.listed.digests) === 0;
  }

  async #findWrongLinks(): Promise<void> {
    if (this.#asked.sample !== undefined || this.#parts.auditable.fields.length === 0) return;
    const wanted: UnmatchedTarget[] = [];
    const found = new Map<string, AuditFinding>();
    for (const kind of ["missing", "different"] as const) {
      for await (const rows of this.#findings(kind)) {
        const facts = await this.#parts.store.auditFacts(
          this.id,
          rows.map(({ key }) => key),
        );
        rows.forEach((row, index) => {
          const listed = facts[index]?.listed;
          found.set(row.key, JSON.parse(row.detail) as AuditFinding);
          if (listed?.expects === EXPECTS.fields) wanted.push({ key: row.key, digests: listed.digests });
        });
      }
    }
    const same = [];
    for await (const one of this.#same(wanted)) same.push(one);
    const wrong = relinksOf(found, same, this.#parts.auditable.to.id);
    if (wrong.length > 0) await this.#step({}, { findings: wrong.map(rowOf) });
  }

  // ------------------------------------------------------------ repair

  async #repair(): Promise<void> {
    const { upTo = Number.POSITIVE_INFINITY, dryRun = false } = this.#asked.repair ?? {};
    const { missing, extra, different } = this.#progress.counts;
    if (dryRun || missing + extra + different > upTo) return this.#next("sweep");
    const { store, wakeSyncs, auditable } = this.#parts;
    const targets = this.#both.target;
    const work: { readonly finding: AuditFinding; readonly looked: Looked }[] = [];
    for (const kind of REPAIRABLE) {
      for await (const rows of this.#findings(kind)) {
        const findings = rows.map((row) => JSON.parse(row.detail) as AuditFinding);
        const looked = await lookAtBoth(
          this.#both,
          findings.map(({ key }) => key),
        );
        for (const [index, finding] of findings.entries()) {
          const one = looked[index];
          if (one !== undefined && finding.repair === undefined) work.push({ finding, looked: one });
        }
      }
    }
    const toLink = await targets.byKey(
      work.flatMap(({ finding }) => (finding.linkTo === undefined ? [] : [finding.linkTo])),
    );
    const mendings = work.map(({ finding, looked }) => mendingOf(auditable, finding, looked, toLink));
    const rebases = mendings.flatMap((mending) => (mending.rebase === undefined ? [] : [mending.rebase]));
    const rebased = new Set(await store.auditRebase(this.id, rebases));
    const marked = mendings.filter(
      ({ rebase, left }) => left === undefined && (rebase === undefined || rebased.has(rebase.key)),
    );
    const at = this.#now;
    const { syncs } = await store.observe({
      observations: marked.map(({ looked }) => observationOf(auditable, looked, at)),
    });
    const isMarked = new Set(marked);
    const findings = mendings.map((mending): AuditFinding => {
      if (isMarked.has(mending)) return { ...mending.finding, repair: "marked" };
      return {
        ...mending.finding,
        repair: "left",
        left: mending.left ?? "it became pending, or was linked otherwise, meanwhile",
      };
    });
    const counts = this.#count({ marked: marked.length, left: findings.length - marked.length });
    await this.#step({ counts, repairedAt: at }, { findings: findings.map(rowOf) });
    wakeSyncs(syncs);
    await this.#next("verify");
  }

  /** Reads both sides once more when what was marked has been written. */
  async #verify(): Promise<void> {
    const until = (this.#progress.repairedAt ?? this.#now) + MENDING_MS_MAX;
    for (let waitMs = 1_000; ; waitMs = Math.min(2 * waitMs, 30_000)) {
      let open = 0;
      for (const kind of REPAIRABLE) {
        for await (const rows of this.#findings(kind)) open += await this.#verified(rows, this.#now >= until);
      }
      if (open === 0) return this.#next("sweep");
      await this.#calls.wait(waitMs);
    }
  }

  /** How many are still to be written. */
  async #verified(rows: readonly AuditFindingRow[], isLate: boolean): Promise<number> {
    const marked = rows
      .map((row) => JSON.parse(row.detail) as AuditFinding)
      .filter(({ repair }) => repair === "marked");
    const looked = await lookAtBoth(
      this.#both,
      marked.map(({ key }) => key),
    );
    const ended: AuditFinding[] = [];
    for (const [index, finding] of marked.entries()) {
      const one = looked[index];
      const pending = one?.read.facts.pending;
      if (one?.judged !== undefined && one.judged.finding === undefined) ended.push({ ...finding, repair: "mended" });
      else if (pending?.state === "parked")
        ended.push({ ...finding, repair: "left", left: `parked: ${pending.reason ?? ""}` });
      else if (pending === undefined && one?.judged !== undefined) {
        const left = `it was written, and ${this.#parts.auditable.to.id} still shows something else`;
        ended.push({ ...finding, repair: "left", left });
      } else if (isLate)
        ended.push({ ...finding, repair: "left", left: `not written yet: ${pending?.state ?? "under way"}` });
    }
    const mended = ended.filter(({ repair }) => repair === "mended").length;
    if (ended.length > 0) {
      const counts = this.#count({ mended, left: ended.length - mended });
      await this.#step({ counts }, { findings: ended.map(rowOf) });
    }
    return marked.length - ended.length;
  }

  // ------------------------------------------------------------ the end

  async #end(): Promise<void> {
    const result = await this.#result();
    await this.#parts.store.endAudit(this.id, { state: "done", result: JSON.stringify(result), at: this.#now });
    await sweepAudit(this.#parts.store, this.id, () => this.#calls.stopped);
  }

  async #fail(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const note = `the audit could not go on while it was at "${this.#progress.stage}": ${reason}`;
    const result: AuditResult = { ...(await this.#result()), verdict: "unknown", summary: note, notes: [note] };
    await this.#parts.store.endAudit(this.id, { state: "failed", result: JSON.stringify(result), at: this.#now });
    await sweepAudit(this.#parts.store, this.id, () => this.#calls.stopped);
  }

  async #result(): Promise<AuditResult> {
    const causes: Partial<Record<FindingKind, Partial<Record<CauseCode, number>>>> = {};
    const missedAt: number[] = [];
    let missed = 0;
    for await (const rows of this.#findings(undefined)) {
      for (const { detail, kind } of rows) {
        if (kind === SUSPECT) continue;
        const { cause } = JSON.parse(detail) as AuditFinding;
        const byCause = (causes[kind as FindingKind] ??= {});
        byCause[cause.code] = (byCause[cause.code] ?? 0) + 1;
        if (cause.code !== "missed") continue;
        missed += 1;
        if (cause.since !== undefined) missedAt.push(cause.since);
      }
    }
    const counts = { ...this.#progress.counts, calls: this.#callsBefore + this.#calls.made };
    const wrong = WRONG.reduce((sum, kind) => sum + countOf(counts, kind), 0) - counts.mended;
    const size = this.#asked.sample === undefined ? 0 : counts.source;
    return {
      verdict: wrong === 0 && counts.unchecked === 0 ? "agree" : "differ",
      summary: summaryOf(this.#parts.auditable, counts, wrong, size),
      counts,
      causes,
      missed: { changes: missed, ...(missedAt.length === 0 ? {} : { since: Math.min(...missedAt) }) },
      ...(size === 0 ? {} : { sample: { size, differing: wrong, shareMax: shareMax(wrong, size) } }),
      notes: this.#notes(counts),
    };
  }

  #notes({ unchecked, missing, extra, different }: AuditCounts): readonly string[] {
    const { auditable } = this.#parts;
    const { upTo } = this.#asked.repair ?? {};
    const wrong = missing + extra + different;
    return [
      ...(auditable.fields.length === 0
        ? [`${auditable.to.id} cannot show its fields as they are written: only whether records are there was compared`]
        : []),
      ...(this.#both.source.isListed
        ? []
        : [`${auditable.from.id} cannot be listed: only records that are known were looked at`]),
      ...(this.#both.target.isListed
        ? []
        : [`${auditable.to.id} cannot be listed: only linked records were looked at`]),
      ...(unchecked > 0
        ? [`${unchecked} more look different and were not read again: mend what they have in common first`]
        : []),
      ...(upTo !== undefined && wrong > upTo
        ? [`nothing was repaired: ${wrong} records differ, and no more than ${upTo} are mended unasked`]
        : []),
    ];
  }

  async *#findings(kind: string | undefined): AsyncGenerator<readonly AuditFindingRow[]> {
    for (let after: string | undefined; ;) {
      const rows = await this.#parts.store.auditFindings(this.id, kind, after, LOOK_KEYS);
      this.#calls.goOn();
      if (rows.length > 0) yield rows;
      if (rows.length < LOOK_KEYS) return;
      after = rows.at(-1)?.key;
    }
  }
}

/** Takes away what was listed, a slice at a time: what was found stays. What a stop leaves goes at the next start. */
export async function sweepAudit(store: Store, id: number, isStopped: () => boolean): Promise<void> {
  while (!isStopped() && (await store.sweepAudit(id, SWEEP_ROWS)) > 0);
}

interface RecordPage {
  readonly records: readonly unknown[];
  readonly next: string | undefined;
}

interface JudgedEnd {
  readonly is: "judged";
  readonly key: string;
  readonly finding?: AuditFinding;
}

type End = JudgedEnd | { readonly is: "later"; readonly key: string; readonly at: number };

const rowOf = (finding: AuditFinding): AuditFindingRow => ({
  kind: finding.kind,
  key: finding.key,
  detail: JSON.stringify(finding),
});

function underWay(key: string, text: string): AuditFinding {
  return { kind: "in-flight", key, cause: { code: "under-way", text } };
}

function countOf(counts: AuditCounts, kind: FindingKind): number {
  if (kind === "in-flight") return counts.inFlight;
  if (kind === "duplicate") return counts.duplicates;
  return counts[kind];
}

function summaryOf({ from, to }: Auditable, counts: AuditCounts, wrong: number, sampled: number): string {
  const looked =
    sampled > 0
      ? `${sampled} records of ${from.id}, chosen at random, were compared with ${to.id}`
      : `${counts.source} records of ${from.id} and ${counts.target} of ${to.id} were compared`;
  const more = counts.unchecked > 0 ? `, and ${counts.unchecked} more look different` : "";
  const mended = counts.mended > 0 ? `; ${counts.mended} were mended` : "";
  return `${looked}: ${wrong === 0 && more === "" ? "they agree" : `${wrong} do not agree${more}`}${mended}.`;
}
