// `bowline check`: would this project start? Every fault at once, each with its place; nothing is opened or called.
import type { Command } from "commander";
import { addressFaults } from "../call/address-faults.ts";
import { allSyncs } from "../define/config.ts";
import { checkProject, type Fault } from "../define/check.ts";
import { counted } from "../define/counted.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import { oneLine } from "./table.ts";

export function addCheck(program: Command, act: Act): void {
  program
    .command("check")
    .summary("would this project start? tells every fault with its place")
    .description(
      "Checks the project without opening its state or calling anybody: names, links, settings, secrets, times. Whether the rules fit both systems is for the compiler to tell: npx tsc --noEmit.\nEnds with 3 when it would not start.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline check", "before a start or a commit"],
        ["bowline check --config staging.config.ts", "another configuration"],
      ),
    )
    .action(
      act(async (session: Session) => {
        const { project, configPath } = await session.project();
        const env = session.shell.environment;
        const checked = checkProject(project, { env });
        const errors = [...checked.errors, ...addressFaults(project, ({ variable }) => env[variable])];
        const { warnings } = checked;
        session.answer({ ok: errors.length === 0, config: configPath, errors, warnings }, () => {
          const lines = [...faultLines(session, "error", errors), ...faultLines(session, "warning", warnings)];
          const counts = `${counted(allSyncs(project).length, "sync")} between ${counted(project.connections.length, "connection")}`;
          const found = `${counted(errors.length, "error")}, ${counted(warnings.length, "warning")}`;
          const verdict =
            errors.length === 0 ? session.paint("green", "It checks") : session.paint("red", "It does not check");
          return [...lines, `${verdict}: ${counts}; ${found}.`, ""].join("\n");
        });
        return errors.length === 0 ? EXIT.ok : EXIT.project;
      }),
    );
}

function faultLines({ paint }: Session, kind: "error" | "warning", faults: readonly Fault[]): readonly string[] {
  const word = paint(kind === "error" ? "red" : "yellow", kind);
  return faults.map(({ place, message }) => `${word}  ${paint("bold", place)}: ${oneLine(message)}`);
}
