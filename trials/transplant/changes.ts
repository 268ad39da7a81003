// Everything that somebody who may write to the file, and has old copies of it, could do to make one secret open as another.
import type { Random } from "../../src/world/world.ts";
import { FIELD, type KeyRow, type Row, type TrialFile } from "./file.ts";

/** What is then asked to open. */
export interface Question {
  readonly row: Omit<Row, "sealed">;
  readonly field: string;
}

/** Changes the file; says which secret is asked for then. */
export type Change = (file: TrialFile, dice: Dice) => Question;

const HEADER = 9;
const IV = 12;
const TAG = 16;
const TAG_AT = HEADER + IV;

export class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  two<Item>(items: readonly Item[]): readonly [Item, Item] {
    const first = this.one(items);
    return [first, this.one(items.filter((item) => item !== first))];
  }
}

const asked = (row: Omit<Row, "sealed">, field: string = FIELD): Question => ({ row, field });

/** The sealed bytes of a random row, changed. */
const changed =
  (change: (sealed: Buffer, dice: Dice, file: TrialFile) => Buffer): Change =>
  (file, dice) => {
    const row = dice.one(file.rows);
    file.putSealed(row.connection, change(Buffer.from(row.sealed), dice, file));
    return asked(row);
  };

/** The rows of one tenant, or pairs over both. */
const moved =
  (fits: (from: Row, to: Row) => boolean): Change =>
  (file, dice) => {
    const to = dice.one(file.rows);
    const from = dice.one(file.rows.filter((row) => row !== to && fits(row, to)));
    file.putSealed(to.connection, from.sealed);
    return asked(to);
  };

const flipped = (bytes: Buffer, from: number, to: number, dice: Dice): Buffer => {
  bytes[from + dice.below(to - from)]! ^= 1 << dice.below(8);
  return bytes;
};

export const CHANGES: Readonly<Record<string, Change>> = {
  "moved to another connection": moved((from, to) => from.tenant === to.tenant),
  "moved to another tenant's connection": moved((from, to) => from.tenant !== to.tenant),
  "asked for as another field": (file, dice) =>
    asked(dice.one(file.rows), dice.one(["", "oauth", "oauth2 ", "webhook", "OAUTH2"])),
  "an older version put back": (file, dice) => {
    const old = dice.one(file.older);
    const row = file.rows.find(({ connection }) => connection === old.connection)!;
    file.putSealed(row.connection, old.sealed);
    return asked(row);
  },
  "a version number put back": (file, dice) => {
    const row = dice.one(file.rows);
    const version = 1 + dice.below(row.version - 1);
    file.putSealed(row.connection, row.sealed, version);
    return asked({ ...row, version });
  },
  "its connection given to another tenant": (file, dice) => {
    const row = dice.one(file.rows);
    const tenant = file.rows.find((other) => other.tenant !== row.tenant)!.tenant;
    file.putTenant(row.connection, tenant);
    return asked({ ...row, tenant });
  },
  "a bit of the format or key id flipped": changed((sealed, dice) => flipped(sealed, 0, HEADER, dice)),
  "a bit of the IV flipped": changed((sealed, dice) => flipped(sealed, HEADER, TAG_AT, dice)),
  "a bit of the tag flipped": changed((sealed, dice) => flipped(sealed, TAG_AT, TAG_AT + TAG, dice)),
  "a bit of the body flipped": changed((sealed, dice) => flipped(sealed, TAG_AT + TAG, sealed.length, dice)),
  "a tag of 1 to 15 bytes": changed((sealed, dice) => {
    const left = 1 + dice.below(TAG - 1);
    return Buffer.concat([sealed.subarray(0, TAG_AT + left), sealed.subarray(TAG_AT + TAG)]);
  }),
  "a tag of 1 to 15 bytes and nothing else": changed((sealed, dice) =>
    sealed.subarray(0, TAG_AT + 1 + dice.below(TAG - 1)),
  ),
  "the body cut": changed((sealed, dice) =>
    sealed.subarray(0, TAG_AT + TAG + dice.below(sealed.length - TAG_AT - TAG)),
  ),
  "cut at the front": changed((sealed, dice) => sealed.subarray(1 + dice.below(sealed.length - 1))),
  "bytes added": changed((sealed, dice) => Buffer.concat([sealed, Buffer.alloc(1 + dice.below(32), dice.below(256))])),
  "the header of another": changed((sealed, dice, { rows }) =>
    Buffer.concat([dice.one(otherTenants(rows, sealed)).sealed.subarray(0, HEADER), sealed.subarray(HEADER)]),
  ),
  "header and IV of another": changed((sealed, dice, { rows }) =>
    Buffer.concat([dice.one(others(rows, sealed)).sealed.subarray(0, TAG_AT), sealed.subarray(TAG_AT)]),
  ),
  "the body of another": changed((sealed, dice, { rows }) =>
    Buffer.concat([sealed.subarray(0, TAG_AT + TAG), dice.one(others(rows, sealed)).sealed.subarray(TAG_AT + TAG)]),
  ),
  "the key id of another tenant's key": changed((sealed, dice, { keys }) => {
    const own = sealed.subarray(1, HEADER).toString("hex");
    const other = dice.one(keys.filter(({ id }) => id !== own));
    return Buffer.concat([sealed.subarray(0, 1), Buffer.from(other.id, "hex"), sealed.subarray(HEADER)]);
  }),
  "wrapped keys swapped between tenants": (file, dice) => {
    const [one, other] = dice.two(file.keys);
    file.putKey({ ...one, wrapped: other.wrapped });
    file.putKey({ ...other, wrapped: one.wrapped });
    return asked(dice.one(file.rows));
  },
  "keys given to each other's tenant, with their rows": (file, dice) => {
    const [one, other] = dice.two(file.keys);
    file.putKey({ ...one, tenant: other.tenant });
    file.putKey({ ...other, tenant: one.tenant });
    return movedTo(file, dice);
  },
  "a key put in place of another tenant's, with its id": (file, dice) => {
    const [one, other] = dice.two(file.keys);
    file.putKey({ ...other, wrapped: one.wrapped });
    const to = dice.one(file.rows.filter(({ tenant }) => tenant === other.tenant));
    const from = dice.one(file.rows.filter(({ tenant }) => tenant === one.tenant));
    const sealed = Buffer.concat([
      from.sealed.subarray(0, 1),
      Buffer.from(other.id, "hex"),
      from.sealed.subarray(HEADER),
    ]);
    file.putSealed(to.connection, sealed);
    return asked(to);
  },
  "a bit of the wrapped key flipped": (file, dice) => {
    const key = dice.one(file.keys);
    file.putKey({ ...key, wrapped: flipped(Buffer.from(key.wrapped), 0, key.wrapped.length, dice) });
    return askedOf(file, dice, key);
  },
  "the wrapped key cut": (file, dice) => {
    const key = dice.one(file.keys);
    file.putKey({ ...key, wrapped: key.wrapped.subarray(0, dice.below(key.wrapped.length)) });
    return askedOf(file, dice, key);
  },
  "a secret in the place of a wrapped key": (file, dice) => {
    const key = dice.one(file.keys);
    file.putKey({ ...key, wrapped: dice.one(file.rows).sealed });
    return askedOf(file, dice, key);
  },
  "a wrapped key in the place of a secret": (file, dice) => {
    const row = dice.one(file.rows);
    file.putSealed(row.connection, dice.one(file.keys).wrapped);
    return asked(row);
  },
};

function movedTo(file: TrialFile, dice: Dice): Question {
  const to = dice.one(file.rows);
  const from = dice.one(file.rows.filter(({ tenant }) => tenant !== to.tenant));
  file.putSealed(to.connection, from.sealed);
  return asked(to);
}

function askedOf(file: TrialFile, dice: Dice, { tenant }: KeyRow): Question {
  return asked(dice.one(file.rows.filter((row) => row.tenant === tenant)));
}

const others = (rows: readonly Row[], sealed: Buffer): readonly Row[] =>
  rows.filter((row) => !sealed.equals(row.sealed));

/** Rows under another data key: with the same one, their header is the same. */
const otherTenants = (rows: readonly Row[], sealed: Buffer): readonly Row[] =>
  rows.filter((row) => !sealed.subarray(0, HEADER).equals(row.sealed.subarray(0, HEADER)));
