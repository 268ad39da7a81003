// The provider that is written to: clients and bills. It hides no duplicate: two bills may have one number.
import { z } from "zod";
import type { Clock, Random } from "../../src/world/world.ts";
import type { Setting } from "./setting.ts";

export const TARGET = "https://target.example";
export type TargetKind = "clients" | "bills";

export const fieldsSchema = z.object({ ref: z.string(), note: z.string(), client: z.string().optional() });
export type Fields = z.infer<typeof fieldsSchema>;
export const thingSchema = fieldsSchema.extend({ id: z.string() });
export type Thing = z.infer<typeof thingSchema>;

export interface TargetThing extends Thing {
  readonly kind: TargetKind;
  readonly createdAt: number;
  /** When the search shows it. */
  readonly shownAt: number;
}

export class Target {
  readonly things = new Map<string, TargetThing>();
  /** How often a search found what was asked for. */
  found = 0;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #setting: Setting;
  readonly #byKey = new Map<string, string>();
  #made = 0;

  constructor(clock: Clock, random: Random, setting: Setting) {
    this.#clock = clock;
    this.#random = random;
    this.#setting = setting;
  }

  of(kind: TargetKind, ref: string): readonly TargetThing[] {
    return [...this.things.values()].filter((thing) => thing.kind === kind && thing.ref === ref);
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const [kind, id] = pathname.slice(1).split("/") as [TargetKind, string | undefined];
    if (request.method === "GET") return Response.json(this.#search(kind, searchParams.get("ref") ?? ""));
    if (request.method === "DELETE") return this.things.delete(id ?? "") ? Response.json({}) : missing();
    const fields = fieldsSchema.partial().parse(await request.json()) as Partial<Fields>;
    if (request.method === "PATCH") return this.#change(this.things.get(id ?? ""), fields);
    // By the external id of whoever writes.
    const known = request.method === "PUT" ? this.of(kind, id ?? "")[0] : this.#knownBy(request);
    if (known !== undefined && request.method === "POST") return Response.json(known);
    return known === undefined ? this.#create(request, kind, fields as Fields) : this.#change(known, fields);
  };

  #search(kind: TargetKind, ref: string): readonly Thing[] {
    const all = this.of(kind, ref).filter(({ shownAt }) => shownAt <= this.#clock.now());
    this.found += all.length;
    return all;
  }

  #knownBy(request: Request): TargetThing | undefined {
    return this.things.get(this.#byKey.get(request.headers.get("idempotency-key") ?? "") ?? "");
  }

  #create(request: Request, kind: TargetKind, fields: Fields): Response {
    this.#made += 1;
    const id = `${kind}-${this.#made}`;
    const now = this.#clock.now();
    const thing = {
      ...fields,
      id,
      kind,
      createdAt: now,
      shownAt: now + this.#random.next() * this.#setting.searchLagMs,
    };
    this.things.set(id, thing);
    const key = request.headers.get("idempotency-key");
    if (key !== null) this.#byKey.set(key, id);
    return Response.json(thing);
  }

  #change(thing: TargetThing | undefined, fields: Partial<Fields>): Response {
    if (thing === undefined) return missing();
    const changed = { ...thing, ...fields };
    this.things.set(thing.id, changed);
    return Response.json(changed);
  }
}

const missing = (): Response => Response.json({}, { status: 404 });
