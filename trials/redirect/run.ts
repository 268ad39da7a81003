// Makes every call of the matrix against real servers, and looks at what came to other origins than the connection's.
import { httpNetwork } from "../../src/world/http-network.ts";
import { realClock, realRandom } from "../../src/world/real.ts";
import type { Network, WireRequest, WireResponse } from "../../src/world/world.ts";
import { CREDENTIALS, locationTo, PLACES, STATUSES, STAYS, type CredentialKind, type Place } from "./kinds.ts";
import { startServers } from "./servers.ts";
import { callSigned } from "./signed-call.ts";

export interface Figures {
  readonly trials: number;
  /** Requests that came to an origin that was not the connection's. */
  readonly leaks: number;
  /** Redirects on the same origin that were followed, with the credential, where the request allowed it. */
  readonly followed: number;
  /** Redirects that were not followed. */
  readonly refused: number;
}

export interface Ran {
  readonly figures: Figures;
  readonly problems: readonly string[];
}

export const PLANTS = ["follow-everywhere"] as const;
export type Plant = (typeof PLANTS)[number];

const REDIRECTS_MAX = 3;

export async function runMatrix(plant: Plant | undefined): Promise<Ran> {
  const servers = await startServers();
  const own = httpNetwork({ ca: servers.ca });
  const network = own.within([
    { address: "127.0.0.0", prefix: 8 },
    { address: "::1", prefix: 128 },
  ]);
  const planted: Network = { send: (request) => sendAnywhere(network, request) };
  const world = { clock: realClock, random: realRandom, network: plant === undefined ? network : planted };
  const count = { trials: 0, leaks: 0, followed: 0, refused: 0 };
  const problems: string[] = [];
  try {
    for (const kind of CREDENTIALS) {
      for (const status of STATUSES) {
        for (const place of PLACES) {
          for (const method of ["GET", "POST"] as const) {
            for (const redirectsMax of [0, REDIRECTS_MAX]) {
              const canary = `canary-${String(count.trials).padStart(6, "0")}-q7x2v9`;
              const path = `/end/${count.trials}`;
              const first = locationTo(place, servers.origins, { path, self: `${servers.origins.first}/start` });
              servers.next = { status, location: first };
              const strayedBefore = servers.strayed.length;
              const landedBefore = servers.landed.length;
              const { client, origins } = servers;
              await callSigned({ kind, origin: origins.first, method, redirectsMax, canary, client }, world);
              const name = `${kind}, ${status} to ${place}, ${method}, ${redirectsMax} allowed`;
              const strayed = servers.strayed.length - strayedBefore;
              const landed = servers.landed.slice(landedBefore);
              count.trials += 1;
              count.leaks += strayed;
              if (strayed > 0) problems.push(`${name}: ${strayed} requests came to another origin`);
              if (landed.length > 0) count.followed += 1;
              else count.refused += 1;
              const fault = faultOf({ kind, place, redirectsMax, canary, landed });
              if (fault !== undefined) problems.push(`${name}: ${fault}`);
            }
          }
        }
      }
    }
  } finally {
    await own.close();
    servers.close();
  }
  return { figures: count, problems };
}

interface Trial {
  readonly kind: CredentialKind;
  readonly place: Place;
  readonly redirectsMax: number;
  readonly canary: string;
  /** Requests that came to the end of the redirect on the connection's own origin. */
  readonly landed: readonly string[];
}

/** A redirect that may be followed is, and is signed in; every other is not. */
function faultOf({ kind, place, redirectsMax, canary, landed }: Trial): string | undefined {
  const isToken = kind.startsWith("token request");
  const isFollowed = !isToken && redirectsMax > 0 && STAYS.has(place) && place !== "loop";
  if (landed.length > 0 !== isFollowed) return isFollowed ? "it was not followed" : "it was followed";
  const [request] = landed;
  if (request === undefined) return undefined;
  const shown = kind === "basic" ? Buffer.from(`${canary}:`).toString("base64") : kind === "jwt" ? "Bearer " : canary;
  const wanted = kind === "certificate" ? "certificate {" : shown;
  return request.includes(wanted) ? undefined : "it was followed without its credential";
}

/** The planted fault: redirects are followed wherever they lead, with everything that was sent. */
async function sendAnywhere(network: Network, request: WireRequest): Promise<WireResponse> {
  let asked = request;
  let response = await network.send(asked);
  for (let hops = 0; hops < REDIRECTS_MAX && response.status >= 300 && response.status < 400; hops += 1) {
    const to = URL.parse(response.headers["location"] ?? "", asked.url);
    if (to === null) break;
    asked = { ...asked, url: `${to.origin}${to.pathname}${to.search}` };
    response = await network.send(asked);
  }
  return response;
}
