// The project on trial: contacts that each two of the systems agree on, with every rule there is.
import { defineConfig, type Project } from "../../src/index.ts";
import { defineTwoWaySync } from "../../src/define/define-two-way-sync.ts";
import { email } from "../../src/define/match-as.ts";
import type { TwoWaySync } from "../../src/define/two-way.ts";
import { greatest, least, newest, union, unlessEmpty } from "../../src/define/two-way-rules.ts";
import { across, numberText } from "../../src/mapping/two-way-converter.ts";
import { connectorOf, type Body } from "./connector.ts";
import { FIELDS, spelled, type Field, type System } from "./fields.ts";
import { pairsOf, ruleOf, syncName, type Rule, type Setting } from "./setting.ts";

/** Longer than most sequences: what wakes Bowline is drawn. */
const POLL_EVERY = "15m";

export function projectOf(setting: Setting): Project {
  const pairs = pairsOf(setting);
  const systems = [...new Set(pairs.flat())];
  const connections = systems.map((system) => connectorOf(system, setting).connect(system, {}));
  const resource = (system: System) => connections[systems.indexOf(system)]!.contacts;
  return defineConfig({
    name: "converge",
    connections,
    syncs: pairs.map((pair) => syncOf(pair, [resource(pair[0]), resource(pair[1])], setting)),
  });
}

/** The sides' names are only known when it runs, and the types want them written. */
const declared = defineTwoWaySync as unknown as (options: object) => TwoWaySync;

type Contacts = ReturnType<ReturnType<typeof connectorOf>["connect"]>["contacts"];

function syncOf(pair: readonly [System, System], sides: readonly [Contacts, Contacts], setting: Setting): TwoWaySync {
  const [first, second] = pair;
  const isRing = setting.systems === 3;
  // In a ring one system hands on what is new, so that two roads never make two of one.
  const creates = !isRing || first === "crm";
  return declared({
    name: syncName(pair),
    purpose: "Both know the same people.",
    owner: "trial",
    between: { [first]: sides[0], [second]: sides[1] },
    match: [
      {
        [first]: (contact: Body) => text(contact, first),
        [second]: (contact: Body) => text(contact, second),
        as: email,
      },
    ],
    fields: FIELDS.flatMap((field) => fieldPair(field, pair)),
    conflicts: "park",
    only: { [first]: ({ hidden }: Body) => !hidden },
    create: { [first]: creates, [second]: creates },
    onDelete: { [first]: setting.onDelete, [second]: setting.onDelete },
    freshWithin: "1h",
    pollEvery: POLL_EVERY,
    everythingEvery: "24h",
  });
}

function text({ fields }: Body, system: System): string | undefined {
  const value = fields[spelled(system, "email")];
  return typeof value === "string" ? value : undefined;
}

function fieldPair(field: Field, pair: readonly [System, System]): readonly object[] {
  const rule = ruleOf(field, pair);
  if (rule === undefined) return [];
  const [first, second] = pair;
  // Marketing keeps the score as text, and changes what it is told of addresses.
  const numbers = pair.find((system) => system !== "marketing");
  const isText = field === "score" && pair.includes("marketing") && numbers !== undefined;
  return [
    {
      [first]: spelled(first, field),
      [second]: spelled(second, field),
      ...(field === "email" ? { as: email } : {}),
      ...(isText ? { convert: across(numbers, numberText) } : {}),
      ...(rule.kind === "from" ? { from: rule.system } : { wins: winsOf(rule) }),
    },
  ];
}

function winsOf(rule: Exclude<Rule, { kind: "from" }>): unknown {
  switch (rule.kind) {
    case "side":
      return rule.system;
    case "unless-empty":
      return unlessEmpty(rule.system);
    case "newest":
      return newest({ otherwise: rule.otherwise });
    case "greatest":
      return greatest;
    case "least":
      return least;
    case "union":
      return union;
    case "park":
      return "park";
  }
}
