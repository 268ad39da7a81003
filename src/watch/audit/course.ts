// What every stage of a one-way sync's audit needs: how far it is, what the sync expects, and both sides' records.
import type { Caller } from "../../call/caller.ts";
import type { AuditRow } from "../../store/audit.ts";
import type { Auditable } from "./auditable.ts";
import type { Both } from "./look-both.ts";
import { SideRecords } from "./records.ts";
import { Steps, type StepsParts } from "./steps.ts";

export interface CourseParts extends StepsParts {
  readonly auditable: Auditable;
  readonly source: Caller;
  readonly target: Caller;
}

export class Course extends Steps {
  readonly parts: CourseParts;
  readonly both: Both;

  constructor(parts: CourseParts, row: AuditRow) {
    super(parts, row);
    const { auditable, store } = parts;
    this.parts = parts;
    this.both = {
      id: row.id,
      auditable,
      store,
      source: new SideRecords(auditable.from, parts.source, this.calls),
      target: new SideRecords(auditable.to, parts.target, this.calls),
    };
  }
}
