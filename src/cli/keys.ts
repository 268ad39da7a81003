// `bowline keys`: which keys the secrets at rest are under, whether they all open, and new keys for them.
import type { Command } from "commander";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { forgottenText, isInOrder, rotatedText, statusText, verifiedText } from "./keys-text.ts";
import type { Session } from "./session.ts";

interface RotateFlags {
  readonly data?: boolean;
  /** Commander's name for what `--no-…` options set. */
  readonly newKey: boolean;
}

export function addKeys(program: Command, act: Act): void {
  const keys = program
    .command("keys")
    .summary("the keys of the secrets at rest: status, verify, rotate, forget")
    .description(
      "Secrets at rest are sealed with data keys, and these are wrapped by a key that is not in the file of state: " +
        "BOWLINE_KEY, what BOWLINE_KEY_COMMAND prints, or the key file beside it.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline keys status", "which keys there are"],
        ["bowline keys verify", "does every secret open"],
        ["bowline keys rotate", "a new key"],
        ["bowline keys forget books --yes", "the key of its tokens is lost for good"],
      ),
    );
  addKeysStatus(keys, act);
  addKeysVerify(keys, act);
  addKeysRotate(keys, act);
  addKeysForget(keys, act);
}

function addKeysStatus(keys: Command, act: Act): void {
  keys
    .command("status")
    .summary("which keys there are, and how many secrets are under each")
    .description("Shows the keys by their ids. Ends with 1 when a key is lost or a rotation is not finished.")
    .addHelpText(
      "after",
      examples(["bowline keys status", "for people"], ["bowline keys status --json", "for programs"]),
    )
    .action(
      act(async (session: Session) => {
        const status = await session.withState(({ control }) => control.keys());
        session.answer(status, () => statusText(session, status));
        return isInOrder(status) ? EXIT.ok : EXIT.attention;
      }),
    );
}

function addKeysVerify(keys: Command, act: Act): void {
  keys
    .command("verify")
    .summary("open every secret that is kept")
    .description("Opens every secret that is kept, shows none, and names those that do not open; then it ends with 1.")
    .addHelpText("after", examples(["bowline keys verify", "after a restore, or before an old key is destroyed"]))
    .action(
      act(async (session: Session) => {
        const verified = await session.withState(({ control }) => control.verifyKeys());
        session.answer(verified, () => verifiedText(session, verified));
        return verified.unreadable.length + verified.lostDataKeys.length === 0 ? EXIT.ok : EXIT.attention;
      }),
    );
}

function addKeysRotate(keys: Command, act: Act): void {
  keys
    .command("rotate")
    .option("--data", "make new data keys too, and seal every secret anew")
    .option("--no-new-key", "keep the key of the key file; with --data, or to end a rotation that was cut off")
    .summary("give the secrets at rest new keys")
    .description(
      "Wraps the data keys with a new key, while Bowline runs or not. The key file gets the new key and loses the old one " +
        "once nothing needs it. Where the key comes from BOWLINE_KEY or BOWLINE_KEY_COMMAND, set the new one there, the old " +
        "one in BOWLINE_KEY_OLD, start Bowline again, and then run this. Run it again when it was cut off.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline keys rotate", "a new key; the data keys are wrapped anew"],
        ["bowline keys rotate --data", "after a leak: every secret is sealed anew as well"],
      ),
    )
    .action(
      act(async (session: Session, { data = false, newKey }: RotateFlags) => {
        const rotated = await session.withState(({ control }) => control.rotateKeys({ newKey, data }));
        session.answer(rotated, () => rotatedText(session, rotated));
        return rotated.unreadable.length + rotated.onOldKeys === 0 ? EXIT.ok : EXIT.attention;
      }),
    );
}

function addKeysForget(keys: Command, act: Act): void {
  keys
    .command("forget")
    .argument("<connection>", "the connection's name")
    .option("--yes", "do it")
    .summary("let go of a connection's tokens that no key opens any more")
    .description(
      "When the key of a connection's tokens is lost for good, lets go of them, so that the connection can begin anew: by " +
        "bowline connect, or with the refresh token in its settings. Tokens that open are never touched.\nEnds with 1 and does " +
        "nothing without --yes.",
    )
    .addHelpText("after", examples(["bowline keys forget books --yes", "then: bowline connect books"]))
    .action(
      act(async (session: Session, connection: string, { yes = false }: { readonly yes?: boolean }) => {
        if (!yes) {
          const { unreadable } = await session.withState(({ control }) => control.verifyKeys());
          const closed = unreadable.map((one) => one.connection);
          if (!closed.includes(connection)) {
            const which = closed.length === 0 ? "there are none" : `those of ${closed.join(", ")}`;
            throw session.usage(`no tokens of ${connection} are without a key that opens them: ${which}`);
          }
          session.note(
            `No key opens the tokens of ${connection}. Is the key lost for good? Say --yes to let go of them.`,
          );
          return EXIT.attention;
        }
        const forgotten = await session.withState(({ control }) => control.forgetTokens(connection));
        session.answer(forgotten, () => forgottenText(forgotten));
        return EXIT.ok;
      }),
    );
}
