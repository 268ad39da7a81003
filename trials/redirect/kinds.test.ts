import assert from "node:assert/strict";
import { test } from "node:test";
import { locationTo, PLACES, STAYS } from "./kinds.ts";

const ORIGINS = {
  first: "https://127.0.0.1:1",
  otherPort: "https://127.0.0.1:2",
  otherHost: "https://localhost:3",
  otherScheme: "http://127.0.0.1:4",
};

for (const place of PLACES) {
  test(`a redirect to ${place} ${STAYS.has(place) ? "stays on the origin" : "leaves it"}`, () => {
    const self = `${ORIGINS.first}/start`;
    const { origin } = new URL(locationTo(place, ORIGINS, { path: "/end", self }), self);
    assert.equal(origin === ORIGINS.first, STAYS.has(place));
  });
}
