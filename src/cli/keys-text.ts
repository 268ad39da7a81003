// What `bowline keys` says to people.
import type { KeysStatus, KeysVerified } from "../auth/inspect-keys.ts";
import type { KeysRotated, Unreadable } from "../auth/rotate-keys.ts";
import type { TokensForgotten } from "../control.ts";
import { counted } from "../define/counted.ts";
import type { Session } from "./session.ts";
import { timeText } from "./times.ts";

export function isInOrder({ dataKeys, onOldKeys, withoutKey }: KeysStatus): boolean {
  const isLost = dataKeys.some(({ readable, rows, current }) => !readable && (current || rows > 0));
  return onOldKeys === 0 && withoutKey === 0 && !isLost;
}

export function statusText(session: Session, status: KeysStatus): string {
  const { paint } = session;
  const wrapping = [{ ...status.key, wraps: wrapsOf(status, status.key.id), use: "current" }].concat(
    status.oldKeys.map((key) => ({ ...key, use: "old" })),
  );
  const parts = [
    session.table(
      [{ title: "KEY" }, { title: "USE" }, { title: "WRAPS", align: "right" }, { title: "FROM", flexible: true }],
      wrapping.map(({ id, use, wraps, from }) => [id, use, String(wraps), from]),
    ),
    session.table(
      [
        { title: "DATA KEY" },
        { title: "TENANT" },
        { title: "USE" },
        { title: "WRAPPED BY" },
        { title: "SECRETS", align: "right" },
        { title: "SEALS", align: "right" },
        { title: "MADE" },
      ],
      status.dataKeys.map((key) => [
        key.id,
        key.tenant,
        key.readable ? (key.current ? "current" : "old") : { text: "lost", style: "red" as const },
        key.wrappedBy ?? "damaged",
        String(key.rows),
        String(key.seals),
        timeText(key.madeAt),
      ]),
    ),
  ];
  if (status.withoutKey > 0) {
    const words = "that no given key opens: bring the key back, or authorise their connections again";
    parts.push(`${paint("red", counted(status.withoutKey, "secret"))} ${words}\n`);
  } else if (status.onOldKeys > 0) {
    parts.push(
      `${paint("yellow", counted(status.onOldKeys, "secret"))} on old keys: run "bowline keys rotate --data"\n`,
    );
  }
  return parts.join("\n");
}

export function verifiedText(session: Session, { rows, opened, unreadable, lostDataKeys }: KeysVerified): string {
  const parts = [`${opened} of ${counted(rows, "secret opens", "secrets open")}\n`];
  if (unreadable.length > 0) parts.push(unreadableTable(session, unreadable));
  if (lostDataKeys.length > 0) parts.push(`No given key unwraps the data keys ${lostDataKeys.join(", ")}\n`);
  return parts.join("\n");
}

export function rotatedText(session: Session, rotated: KeysRotated): string {
  const { key, made, rewrapped, resealed, dropped, unreadable, onOldKeys, toTakeOut } = rotated;
  const parts = [
    `${made ? "The new key is" : "The key is"} ${key}: ${counted(rewrapped, "data key")} wrapped anew, ${counted(resealed, "secret")} sealed anew, ` +
      `${counted(dropped, "old data key")} taken away\n`,
  ];
  if (unreadable.length > 0) parts.push(unreadableTable(session, unreadable));
  if (onOldKeys > 0)
    parts.push(`${counted(onOldKeys, "data key is", "data keys are")} still under another key: keep that one\n`);
  for (const from of toTakeOut) parts.push(`Nothing needs the old key in ${from} any more: take it out\n`);
  return parts.join("\n");
}

function unreadableTable(session: Session, rows: readonly Unreadable[]): string {
  return session.table(
    [
      { title: "CONNECTION" },
      { title: "SECRET" },
      { title: "VERSION", align: "right" },
      { title: "WHY IT DOES NOT OPEN" },
    ],
    rows.map(({ connection, field, version, why }) => [connection, field, String(version), why]),
  );
}

function wrapsOf({ dataKeys }: KeysStatus, id: string): number {
  return dataKeys.filter(({ wrappedBy }) => wrappedBy === id).length;
}

const NEXT: Readonly<Record<TokensForgotten["next"], (connection: string) => string>> = {
  connect: (connection) => `authorise it again: bowline connect ${connection}`,
  settings: () => "it begins anew with what is in its settings; the provider may want a new refresh token there",
  gone: () => "the project has no such connection any more",
};

export function forgottenText({ connection, next, dropped }: TokensForgotten): string {
  const keys = dropped === 0 ? "" : ` ${counted(dropped, "data key")} went with them.`;
  return `The tokens of ${connection} are forgotten; ${NEXT[next](connection)}.${keys}\n`;
}
