// Sees from outside the process which connections it makes: every `connect` of a stream socket, as the kernel is asked for it.
// Without strace, only the sentinel's listeners see.
import { spawnSync } from "node:child_process";
import { CONTROL_ADDRESS } from "./orders.ts";

export function hasStrace(): boolean {
  return spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;
}

export function underStrace(output: string, command: readonly string[]): readonly string[] {
  return ["strace", "-f", "-qq", "-e", "trace=socket,connect", "-o", output, ...command];
}

export interface Connects {
  /** Addresses with their ports, without the allowed one. */
  readonly forbidden: readonly string[];
  readonly controls: number;
}

/** Only stream sockets of IP count: resolvers ask over datagrams, and connect one to sort what they found. */
export function connectsIn(trace: string): Connects {
  const streams = new Map<string, boolean>();
  const forbidden: string[] = [];
  let controls = 0;
  for (const line of trace.split("\n")) {
    const made = /socket\(AF_INET6?, (SOCK_\w+)[^)]*\) = (\d+)/.exec(line);
    if (made !== null) streams.set(made[2]!, made[1] === "SOCK_STREAM");
    const tried = /connect\((\d+), \{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\),(.*?)\}, \d+/.exec(line);
    if (tried === null || streams.get(tried[1]!) === false) continue;
    const address = /"([^"]+)"/.exec(tried[3]!)?.[1] ?? "?";
    if (address === CONTROL_ADDRESS) controls += 1;
    else forbidden.push(`${address} port ${tried[2]}`);
  }
  return { forbidden, controls };
}
