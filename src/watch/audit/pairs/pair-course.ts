// What every stage of a two-way sync's audit needs: how far it is, the sync, and both sides' records.
import type { Caller } from "../../../call/caller.ts";
import type { TwoWaySync } from "../../../define/two-way.ts";
import type { Both } from "../../../reconcile/merge.ts";
import type { AuditRow } from "../../../store/audit.ts";
import type { Store } from "../../../store/store.ts";
import type { Random } from "../../../world/world.ts";
import { SideRecords } from "../records.ts";
import { Steps, type StepsParts } from "../steps.ts";

export interface PairCourseParts extends StepsParts {
  readonly sync: TwoWaySync;
  readonly callers: Both<Caller>;
}

export class PairCourse extends Steps {
  readonly sync: TwoWaySync;
  readonly store: Store;
  readonly sides: Both<SideRecords>;
  readonly random: Random;
  readonly wakeSyncs: (syncs: readonly string[]) => void;

  constructor(parts: PairCourseParts, row: AuditRow) {
    super(parts, row);
    const { sync, callers, store, wakeSyncs } = parts;
    this.sync = sync;
    this.store = store;
    this.random = parts.world.random;
    this.wakeSyncs = wakeSyncs;
    const [first, second] = sync.sides;
    this.sides = [
      new SideRecords(first.resource, callers[0], this.calls),
      new SideRecords(second.resource, callers[1], this.calls),
    ];
  }
}
