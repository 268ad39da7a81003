// When a listing or a reading last showed each record as it was known. Records get their numbers in the order in which they
// are listed, so the times of neighbours share a row: a page of a listing touches two or three rows, not hundreds.
import { bytes, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** Records in one row, a power of two. */
const BLOCK_BITS = 7;
const BLOCK_RECORDS = 1 << BLOCK_BITS;
/** Numbers of the greatest byte first: as bytes they are in the same order as the times. */
const TIME_BYTES = 8;

/** An SQL condition: the record of this number was seen at this time or later. */
export const seenSince = (record: string, at: string): string =>
  `EXISTS (SELECT 1 FROM seen s WHERE s.block = ${record} >> ${BLOCK_BITS}
     AND substr(s.times, 1 + (${record} & ${BLOCK_RECORDS - 1}) * ${TIME_BYTES}, ${TIME_BYTES}) >= ${at})`;

/** A time as `seenSince` compares it. */
export function timeBytes(at: number): Uint8Array {
  const time = new DataView(new ArrayBuffer(TIME_BYTES));
  time.setFloat64(0, at);
  return new Uint8Array(time.buffer);
}

/** Times that are gathered, and written together. */
export interface SeenTimes {
  see(record: number, at: number): void;
  write(): void;
}

export type GatherSeen = () => SeenTimes;

export function prepareSeen(database: DatabaseSync): GatherSeen {
  const find = database.prepare("SELECT times FROM seen WHERE block = ?");
  const save = database.prepare("INSERT OR REPLACE INTO seen VALUES (?, ?)");

  function read(block: number): DataView {
    const row: Row | undefined = find.get(block);
    if (row === undefined) return new DataView(new ArrayBuffer(BLOCK_RECORDS * TIME_BYTES));
    const { buffer, byteOffset, byteLength } = bytes(row, "times");
    return new DataView(buffer, byteOffset, byteLength);
  }

  return () => {
    const blocks = new Map<number, DataView>();
    return {
      see(record, at) {
        // Numbers of records stay below 2 to the 53rd, beyond what shifting can take.
        const block = Math.floor(record / BLOCK_RECORDS);
        let times = blocks.get(block);
        if (times === undefined) blocks.set(block, (times = read(block)));
        const offset = (record % BLOCK_RECORDS) * TIME_BYTES;
        if (times.getFloat64(offset) < at) times.setFloat64(offset, at);
      },
      write() {
        for (const [block, times] of blocks) save.run(block, times);
      },
    };
  };
}
