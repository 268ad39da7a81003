// Opens an address in the person's browser, where there is one; where there is none nothing happens.
import { spawn } from "node:child_process";

export function openAddress(address: string): void {
  // Only what we made ourselves comes here; still, nothing but a plain web address is handed to another program.
  if (!/^https?:\/\/[\w.:[\]-]+\/[\w./?=&%~-]*$/.test(address)) return;
  const [command, ...args] = opener(address);
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => {}); // there is no such program: the address was printed
  child.unref();
}

function opener(address: string): readonly string[] {
  if (process.platform === "darwin") return ["open", address];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", address];
  return ["xdg-open", address];
}
