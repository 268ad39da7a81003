// A world with one two-way sync of people, and what both sides have to show at its end.
import { defineConfig } from "../../src/index.ts";
import {
  peopleConnector,
  smallPeople,
  type SmallPeople,
  type SmallPeopleOptions,
} from "../../src/testing/small-people.ts";
import { peopleSync } from "../../src/testing/two-way-world.ts";
import type { Clock, Random } from "../../src/world/world.ts";
import { lostWith, type AtTheEnd, type Judged, type KeptWorld } from "./kept.ts";
import type { Marker } from "./markers.ts";
import { MINUTE_MS, type Setting } from "./setting.ts";

interface Person {
  readonly createdAt: number;
  readonly hasAddress: boolean;
  /** The name that was entered last. */
  name: string;
  deletedAt?: number;
}

const PEOPLE_FIRST = 5;
const LATE_MS = MINUTE_MS;

export class PeopleWorld implements KeptWorld {
  readonly project;
  readonly handlers;
  readonly written;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #setting: Setting;
  readonly #sides: readonly SmallPeople[];
  readonly #people = new Map<string, Person>();
  #edits = 0;

  constructor(clock: Clock, random: Random, setting: Setting) {
    this.#clock = clock;
    this.#random = random;
    this.#setting = setting;
    const options: SmallPeopleOptions = {
      // What has no address cannot be looked up by it.
      keyed: setting.addressShare < 1 || setting.safety === "key",
      returns: setting.showsFields,
    };
    const [crm, marketing] = [smallPeople("crm", clock, options), smallPeople("marketing", clock, options)];
    this.#sides = [crm, marketing];
    const settings = { token: "1", webhookSecret: "a webhook secret for tests" };
    const connections = [
      peopleConnector("crm", options).connect("crm", settings),
      peopleConnector("marketing", options).connect("marketing", settings),
    ] as const;
    const between = { crm: connections[0].people, marketing: connections[1].people };
    const often = { pollEvery: `${setting.pollEveryMs}ms`, everythingEvery: `${setting.everythingEveryMs}ms` } as const;
    const sync = peopleSync(between, { ...often, freshWithin: "1d", deletedShareMax: 1 });
    this.project = defineConfig({ name: "restore", connections, syncs: [sync] });
    this.handlers = new Map(this.#sides.map(({ url, fetch }) => [url, fetch]));
    this.written = marketing.url;
  }

  populate(): void {
    for (let made = 0; made < PEOPLE_FIRST; made += 1) this.#create();
  }

  changeOne(): void {
    const drawn = this.#random.next();
    if (drawn < 0.45) return this.#create();
    const side = this.#side();
    const all = [...side.all.values()];
    const record = all[Math.floor(this.#random.next() * all.length)];
    const person = this.#people.get(personOf(record?.fields.name));
    if (record === undefined || person === undefined) return;
    if (drawn < 0.85) {
      person.name = this.#name(personOf(record.fields.name));
      return void side.edit(record.id, { name: person.name });
    }
    person.deletedAt ??= this.#clock.now();
    side.remove(record.id);
  }

  /** A counterpart is made once both sides were listed: so long after its person was entered. */
  get #madeWithinMs(): number {
    const { hasChanges, pollEveryMs, everythingEveryMs } = this.#setting;
    return LATE_MS + (hasChanges ? pollEveryMs : everythingEveryMs);
  }

  restored(): void {}

  judge(end: AtTheEnd): Judged {
    const problems: string[] = [];
    let [questions, orphans] = [0, 0];
    const kept = JSON.stringify(end.conflicts);
    for (const [name, person] of this.#people) {
      const judged = this.#judgeOne(name, person, kept, end);
      if (judged === "question") questions += 1;
      else if (judged === "orphan") orphans += 1;
      else if (judged !== undefined) problems.push(judged);
    }
    for (const { key, cause, reason } of end.parked) {
      if (!isRightQuestion(reason)) problems.push(`${key} is parked (${cause}): ${reason}`);
    }
    return { problems, questions, orphans, met: this.#met(end) };
  }

  #create(): void {
    const person = `P${this.#people.size + 1}`;
    const hasAddress = this.#random.next() < this.#setting.addressShare;
    const name = this.#name(person);
    this.#people.set(person, { createdAt: this.#clock.now(), hasAddress, name });
    this.#side().edit(`${person}-own`, {
      name,
      ...(hasAddress ? { email: `${person.toLowerCase()}@example.com` } : {}),
    });
  }

  #name(person: string): string {
    this.#edits += 1;
    return `${person} v${this.#edits}`;
  }

  #side(): SmallPeople {
    return this.#sides[this.#random.next() < 0.5 ? 0 : 1]!;
  }

  #judgeOne(name: string, person: Person, kept: string, { parked, lost }: AtTheEnd): string | undefined {
    const there = this.#sides.map(({ all }) =>
      [...all.values()].filter(({ fields }) => personOf(fields.name) === name),
    );
    const told = there.map(
      (records) => records.map(({ id, fields }) => `${id} "${fields.name}"`).join(" and ") || "nobody",
    );
    const words = `${name} is ${told.join(" here, there ")}`;
    if (there.some((records) => records.length > 1)) return `twice: ${words}`;
    const isAsked = parked.some(({ key }) => there.flat().some(({ id }) => id === key));
    if (isAsked) return "question";
    const [first, second] = there.map(([record]) => record?.fields.name);
    if (person.deletedAt !== undefined) {
      if (first === undefined && second === undefined) return undefined;
      // To a Bowline that does not remember its own writes it was edited since, and stays: that is told as a conflict.
      if ((first === undefined || second === undefined) && kept.includes(`"${name} v`)) return "question";
      return lostWith(person.createdAt, lost, this.#madeWithinMs) === undefined
        ? `deleted, and there: ${words}`
        : "orphan";
    }
    if (first === undefined || second === undefined) return `not on both sides: ${words}`;
    if (first !== second) return `not the same: ${words}`;
    if (first === person.name || kept.includes(person.name)) return undefined;
    return `${words}, and "${person.name}" was entered last and is kept nowhere`;
  }

  #met({ parked, lost }: AtTheEnd): readonly Marker[] {
    const met: Marker[] = ["two-way"];
    const all = [...this.#people.values()];
    if (all.some(({ createdAt }) => lostWith(createdAt, lost, 0) !== undefined)) met.push("made-since-backup");
    if (parked.some(({ reason }) => /has nothing to be found by/.test(reason))) met.push("asked-two-way");
    return met;
  }
}

function personOf(name = ""): string {
  return name.split(" ")[0] ?? "";
}

function isRightQuestion(reason: string): boolean {
  return /it has nothing to be found by/.test(reason);
}
