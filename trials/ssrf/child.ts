// The process under test: tries to call every spelling in every way, and is watched from outside while it does.
import type { LookupAddress } from "node:dns";
import { httpNetwork, type HttpNetworkOptions } from "../../src/world/http-network.ts";
import { realClock, realRandom } from "../../src/world/real.ts";
import type { Network, World } from "../../src/world/world.ts";
import { CONTROL_ADDRESS, CONTROLS, type Orders, type Told } from "./orders.ts";
import { loopbackSpellings, spellings, type Spelling } from "./spellings.ts";
import { tryToCall, WAYS } from "./ways.ts";

const { port, plant }: Orders = JSON.parse(process.argv[2] ?? "{}");

type Resolve = NonNullable<HttpNetworkOptions["resolve"]>;

/** Names are what the spelling says; each question is answered with the next list. */
function resolverOf({ answers = [] }: Spelling): Resolve {
  let asked = 0;
  const resolve = (
    name: string,
    _options: object,
    done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
  ): void => {
    const list = name.toLowerCase().includes("localhost") ? ["127.0.0.1"] : (answers[asked] ?? answers.at(-1) ?? []);
    asked += 1;
    const found = list.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    const fault = found.length === 0 ? Object.assign(new Error("no such name"), { code: "ENOTFOUND" }) : null;
    setImmediate(() => done(fault, found));
  };
  return resolve as unknown as Resolve;
}

function networkFor(spelling: Spelling): Network & { close(): Promise<void> } {
  const network = httpNetwork({ resolve: resolverOf(spelling) });
  // Both planted faults are ones that were shipped somewhere: no check at all, and a check of the name alone.
  if (plant === "no-check") return network;
  if (plant === "literals-only")
    return httpNetwork({ addresses: { allows: () => true }, resolve: resolverOf(spelling) });
  return network.within([{ address: CONTROL_ADDRESS, prefix: 32 }]);
}

const world = (network: Network): World => ({ clock: realClock, random: realRandom, network });
const told: Told = { trials: 0, answered: [], controls: 0, kinds: {} };

for (let control = 0; control < CONTROLS; control += 1) {
  const network = networkFor({ kind: "control", url: "" });
  const ended = await tryToCall("base", `http://${CONTROL_ADDRESS}:${port}`, world(network));
  if (ended === "answered") told.controls += 1;
  await network.close();
}
for (const spelling of plant === undefined ? spellings(port) : loopbackSpellings(port)) {
  for (const way of WAYS) {
    const network = networkFor(spelling);
    const url =
      spelling.redirect === undefined
        ? spelling.url
        : `http://${CONTROL_ADDRESS}:${port}/${spelling.redirect}/${encodeURIComponent(spelling.url)}`;
    const ended = await tryToCall(way, url, world(network));
    // The allowed address's own redirect comes back as an answer where redirects are not followed: that is no call of it.
    const isRedirect = spelling.redirect !== undefined && way === "settings";
    if (ended === "answered" && !isRedirect) told.answered.push(`${way} ${spelling.kind} ${spelling.url}`);
    told.trials += 1;
    told.kinds[spelling.kind] = (told.kinds[spelling.kind] ?? 0) + 1;
    await network.close();
  }
}
process.stdout.write(`${JSON.stringify(told)}\n`);
