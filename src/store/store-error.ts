// Why the store could not do what it was asked.

/** Why the file of state cannot be used; `code` is stable. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: "in-use" | "newer-version" | "full" | "damaged" | "closed" | "io";

  constructor(code: StoreError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A link would give two source records of one sync the same target record. Nothing of the call that asked for it was done. */
export class LinkTaken extends Error {
  override readonly name = "LinkTaken";
  readonly sync: string;
  readonly key: string;
  readonly targetKey: string;
  /** The source record that the target record is linked to. */
  readonly takenBy: string;

  constructor(sync: string, key: string, targetKey: string, takenBy: string) {
    super(
      `could not link ${sync} ${key} to ${targetKey}: expected a target record that nothing is linked to, but ${takenBy} is. ` +
        `Find out which of the two it belongs to.`,
    );
    this.sync = sync;
    this.key = key;
    this.targetKey = targetKey;
    this.takenBy = takenBy;
  }
}

/** What a person asked for cannot be done with this record, or not just now. Nothing of it was done. */
export class NotForRecord extends Error {
  override readonly name = "NotForRecord";
  readonly why: "unknown-record" | "not-now";

  constructor(why: NotForRecord["why"], message: string) {
    super(message);
    this.why = why;
  }
}
