// The request log of one connection, kept clean of the secrets in its settings and of the credential that is in use.
import type { SignedIn } from "../auth/sign-in.ts";
import type { RequestEntry } from "../store/store.ts";
import type { RedactorOptions } from "./redact.ts";
import { requestLog, type LoggedCall, type LogLimits, type RequestLog } from "./request-log.ts";

export interface CleanLogOptions {
  readonly connection: string;
  /** The secrets in the settings. */
  readonly secrets: readonly string[];
  readonly limits: LogLimits;
  readonly redact: RedactorOptions;
}

export class CleanLog {
  readonly #options: CleanLogOptions;
  #log: RequestLog;
  #credential: SignedIn | undefined;

  constructor(options: CleanLogOptions) {
    this.#options = options;
    this.#log = this.#without(options.secrets);
  }

  /** From now on this one is in use. */
  uses(credential: SignedIn): void {
    if (this.#credential === credential) return;
    this.#log = this.#without([...this.#options.secrets, ...credential.secrets]);
    this.#credential = credential;
  }

  entry(call: LoggedCall): RequestEntry {
    return this.#log.entry(call);
  }

  /** Words for people. */
  words(text: string): string {
    return this.#log.words(text);
  }

  #without(secrets: readonly string[]): RequestLog {
    const { connection, limits, redact } = this.#options;
    return requestLog(connection, secrets, limits, redact);
  }
}
