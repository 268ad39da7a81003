// The log of requests: found by what people know of them, and kept within its age and number.
import assert from "node:assert/strict";
import type { RequestEntry, RequestFilter } from "../store.ts";
import { examine, INVOICES, type MakeFile } from "./fixture.ts";

const CALL: RequestEntry = {
  connection: "shop",
  at: 10,
  method: "GET",
  url: "https://shop.example/orders?page=1",
  status: 200,
  outcome: "done",
  durationMs: 1,
};
const WRITE: RequestEntry = {
  ...CALL,
  connection: "books",
  at: 20,
  method: "POST",
  url: "https://books.example/invoice",
  status: 429,
  outcome: "throttled",
  sync: INVOICES,
  key: "k1",
  requestBody: '{"n":1}',
  responseBody: '{"error":"slow down"}',
  requestHeaders: '{"idempotency-key":"i1"}',
  repeat: "key",
};
const AGAIN: RequestEntry = { ...WRITE, at: 30, status: 201, outcome: "done", repeats: 2 };

const FOUND: readonly (readonly [RequestFilter, readonly number[]])[] = [
  [{}, [30, 20, 10]],
  [{ id: 2 }, [20]],
  [{ id: 99 }, []],
  [{ connection: "books" }, [30, 20]],
  [{ sync: INVOICES, key: "k1", outcome: "done" }, [30]],
  [{ status: 429 }, [20]],
  [{ outcome: "throttled" }, [20]],
  [{ method: "GET" }, [10]],
  [{ path: "/invoice" }, [30, 20]],
  [{ path: "%" }, []],
  [{ since: 20 }, [30, 20]],
  [{ until: 20 }, [10]],
  [{ since: 10, until: 30, limit: 1 }, [20]],
  [{ key: "k1", since: 25 }, [30]],
  [{ connection: "unknown" }, []],
];

export function requestExam(makeFile: MakeFile): void {
  examine(makeFile, "a request is found by each thing that people know of it", async (store) => {
    await store.log([CALL, WRITE, AGAIN]);
    for (const [filter, times] of FOUND) {
      const found = (await store.requests(filter)).map(({ at }) => at);
      assert.deepEqual(found, times, JSON.stringify(filter));
    }
  });

  examine(makeFile, "a request comes back whole, with what lets it be made again", async (store) => {
    await store.log([CALL, WRITE, AGAIN]);
    assert.deepEqual(await store.requests({ id: 1 }), [{ ...CALL, id: 1 }]);
    assert.deepEqual(await store.requests({ id: 3 }), [{ ...AGAIN, id: 3 }]);
  });

  examine(makeFile, "a search through a long log finds the oldest one, and lets others in between", async (store) => {
    await store.log([WRITE, ...Array.from({ length: 25_000 }, () => CALL)]);
    const ended: string[] = [];
    const search = store.requests({ status: 429 }).then((found) => ended.push(`found ${found.length}`));
    await Promise.all([search, store.nextDue([INVOICES]).then(() => ended.push("another call"))]);
    assert.deepEqual(ended, ["another call", "found 1"]);
  });

  examine(makeFile, "requests have an age and a number of their own", async (store) => {
    await store.log([CALL, WRITE, AGAIN]);
    const times = async () => (await store.requests({})).map(({ at }) => at);
    assert.equal((await store.prune({ before: 0, requestsBefore: 15, rowsMax: 10 })).rows, 1);
    assert.deepEqual(await times(), [30, 20]);
    assert.equal((await store.prune({ before: 0, requestsMax: 2, rowsMax: 10 })).rows, 0);
    assert.equal((await store.prune({ before: 0, requestsMax: 1, rowsMax: 10 })).rows, 1);
    assert.deepEqual(await times(), [30]);
  });
}
