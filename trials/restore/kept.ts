// What a world of either kind is to the run of a seed: its project, its traffic, and what is right at its end.
import type { Project } from "../../src/define/config.ts";
import type { ConflictRow } from "../../src/store/two-way.ts";
import type { ParkedRow } from "../../src/store/store.ts";
import type { FetchHandler } from "../../src/world/in-process.ts";
import type { Marker } from "./markers.ts";

/** What was written between these two times is not in the file that is in use since `beganAt`. */
export interface Lost {
  readonly backupAt: number;
  readonly diedAt: number;
  readonly beganAt: number;
}

export interface AtTheEnd {
  readonly parked: readonly ParkedRow[];
  readonly conflicts: readonly ConflictRow[];
  readonly lost: readonly Lost[];
}

export interface Judged {
  /** What does not hold, in words. */
  readonly problems: readonly string[];
  /** Records that wait for a person, as they should. */
  readonly questions: number;
  /** Counterparts whose source was deleted while nobody knew of them. */
  readonly orphans: number;
  readonly met: readonly Marker[];
}

export interface KeptWorld {
  readonly project: Project;
  /** By origin. */
  readonly handlers: ReadonlyMap<string, FetchHandler>;
  /** The origin that is down at times. */
  readonly written: string;
  populate(): void;
  changeOne(): void;
  /** An engine begins on a file that was brought back. */
  restored(): void;
  judge(end: AtTheEnd): Judged;
}

/** Was it made by a Bowline that the file in use knows nothing of? `lateMs`: a call may have been done so long after that died. */
export function lostWith(at: number, lost: readonly Lost[], lateMs: number): Lost | undefined {
  return lost.findLast(({ backupAt, diedAt }) => at > backupAt - lateMs && at <= diedAt + lateMs);
}
