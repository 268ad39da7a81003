// `bowline drift`: what is no longer as it was known at the providers, and which syncs and fields it touches.
import type { Command } from "commander";
import type { DriftView } from "../control.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import { agoText } from "./times.ts";

export function addDrift(program: Command, act: Act): void {
  program
    .command("drift")
    .summary("what is no longer as it was known at the providers")
    .description(
      "Shows fields that vanished, changed their type or gained values, fields that a provider wants now, and API versions near their end, each with the syncs and fields that it touches. A drift goes away when it is over.\nEnds with 1 when any touches a sync.",
    )
    .addHelpText(
      "after",
      examples(["bowline drift", "for people"], ["bowline drift --json | jq '.[].touches'", "for programs"]),
    )
    .action(
      act(async (session: Session) => {
        const drifts = await session.withState(({ control }) => control.drift());
        session.answer(drifts, () => driftsText(session, drifts));
        return drifts.some(({ touches }) => touches.length > 0) ? EXIT.attention : EXIT.ok;
      }),
    );
}

function driftsText(session: Session, drifts: readonly DriftView[]): string {
  if (drifts.length === 0) return "Nothing drifted.\n";
  const now = session.shell.now();
  return session.table(
    [
      { title: "WHAT" },
      { title: "OF" },
      { title: "FIELD", flexible: true },
      { title: "DETAIL", flexible: true },
      { title: "TOUCHES", flexible: true },
      { title: "OWNER" },
      { title: "SINCE" },
      { title: "LAST SEEN" },
      { title: "TIMES", align: "right" },
    ],
    drifts.map((drift) => [
      { text: drift.kind, style: drift.touches.length > 0 ? ("red" as const) : ("yellow" as const) },
      drift.on,
      drift.kind === "version" ? "" : drift.place,
      drift.detail,
      touchesText(drift),
      [...new Set(drift.touches.flatMap(({ owner }) => owner ?? []))].join(", "),
      agoText(drift.firstAt, now),
      agoText(drift.lastAt, now),
      String(drift.times),
    ]),
  );
}

function touchesText({ touches }: DriftView): string {
  if (touches.length === 0) return "no sync";
  return touches.map(({ sync, fields }) => (fields.length === 0 ? sync : `${sync}: ${fields.join(", ")}`)).join("; ");
}
