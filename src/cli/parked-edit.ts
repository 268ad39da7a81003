// `bowline parked edit`: corrects target fields of one record, from now on.
import type { Command } from "commander";
import { parseJsonStrict } from "../call/json.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { syncNamed } from "./named.ts";
import { gather } from "./option-values.ts";
import type { Session } from "./session.ts";

interface Options {
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

export function addParkedEdit(parked: Command, act: Act): void {
  parked
    .command("edit")
    .argument("<sync>")
    .argument("<key>")
    .option("--set <Field=JSON>", "write this value instead of the mapping's; may be repeated", gather)
    .option("--unset <Field>", "take a correction back; may be repeated", gather)
    .summary("correct target fields of one record")
    .description(
      "Corrects fields of the target for one record, from now on, and reconciles it again. Values are JSON, so text needs its quotes; what the target's fields do not take is refused.",
    )
    .addHelpText(
      "after",
      examples(
        [`bowline parked edit orders-to-invoices 5512345 --set 'DocNumber="A-1"'`, "a text"],
        [
          `bowline parked edit orders-to-invoices 5512345 --set 'TotalAmt="12.50"'`,
          "money, which is text so that it stays exact",
        ],
        ["bowline parked edit orders-to-invoices 5512345 --unset TotalAmt", "as the mapping says again"],
      ),
    )
    .action(
      act(async (session: Session, sync: string, key: string, options: Options) => {
        const corrections = correctionsOf(session, options);
        const running = await session.withState(async ({ control, how }, { project }) => {
          await control.correct(syncNamed(project, sync), key, corrections);
          return how === "remote";
        });
        session.answer({ sync, key, corrections, running }, () => {
          const when = running ? "now" : "when Bowline runs next";
          return `${Object.keys(corrections).join(", ")} of ${key} corrected; it is reconciled ${when}\n`;
        });
        return EXIT.ok;
      }),
    );
}

/** The corrections by field; null takes one back. */
function correctionsOf(session: Session, { set = [], unset = [] }: Options): Readonly<Record<string, unknown>> {
  const pairs = [...set.map((text) => pairOf(session, text)), ...unset.map((field) => [field, null] as const)];
  if (pairs.length === 0) throw session.usage("could not correct anything: expected --set Field=JSON or --unset Field");
  const twice = pairs.find(([field], index) => pairs.findIndex(([other]) => other === field) !== index);
  if (twice !== undefined) throw session.usage(`could not correct ${twice[0]}: expected each field once`);
  return Object.fromEntries(pairs);
}

function pairOf(session: Session, text: string): readonly [string, unknown] {
  const [, field, json] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (field === undefined || json === undefined) {
    throw session.usage(`could not read --set "${text}": expected Field=JSON, such as 'DocNumber="A-1"' or Score=12`);
  }
  let value: unknown;
  try {
    value = parseJsonStrict(json);
  } catch {
    throw session.usage(
      `could not read the value of ${field}: expected JSON and got ${json}; for a text write --set '${field}=${JSON.stringify(json)}'`,
    );
  }
  if (value === null)
    throw session.usage(`could not set ${field} to null: to take a correction back use --unset ${field}`);
  return [field, value];
}
