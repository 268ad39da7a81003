// Connects accounts: a ticket is made, a browser takes it and is sent to the provider's page, and comes back once. Nothing
// is kept until everything fits; whatever does not is told to who watches over the connection.
import type { Account } from "../define/connector.ts";
import type { Clock, Network, Random } from "../world/world.ts";
import {
  authorizationUrl,
  contradiction,
  drawSecret,
  isSame,
  judgeCallback,
  type Callback,
  type Connectable,
  type Journey,
} from "./authorization.ts";
import type { KeptCredentials } from "./credentials.ts";
import type { TokenGiven } from "./token-answer.ts";
import { requestToken, revokeToken } from "./token-client.ts";

export interface Begun {
  /** Opens the provider's page, in one browser, once. */
  readonly ticket: string;
  /** The address to open. */
  readonly address: string;
  readonly expiresAt: number;
}

export interface Connected {
  readonly connection: string;
  /** What the provider told that the settings need, by setting. */
  readonly told: Readonly<Record<string, string>>;
  /** Scopes that the connector needs and that were not granted. */
  readonly scopesMissing: readonly string[];
  readonly warnings: readonly string[];
  /** Whose account it is, as the provider says. */
  readonly account?: Account;
}

export type ConnectProgress =
  | { readonly state: "waiting"; readonly expiresAt: number }
  | ({ readonly state: "connected" } & Connected)
  | { readonly state: "failed"; readonly reason: string };

export interface ConnectingOptions {
  /** By connection; only those that a person connects. */
  readonly connectable: (connection: string) => Connectable | undefined;
  readonly credentials: KeptCredentials;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  /** The connection works again: wakes what waits, and asks the provider whose account it is. */
  readonly onConnected: (
    connection: string,
  ) => Promise<{ readonly account?: Account; readonly warnings: readonly string[] }>;
  /** Hears of every callback that was not believed, and of every authorisation that failed. */
  readonly onRefused: (connection: string, reason: string) => void;
}

/** How long a person may take at the provider's page. */
export const JOURNEY_MS = 600_000;
/** Journeys at a time; the oldest is given up for a new one. */
const JOURNEYS_MAX = 100;

type Attempt = { readonly connection: string; readonly base: string; readonly endsAt: number } & (
  | { readonly is: "begun" }
  | { readonly is: "away"; readonly journey: Journey }
  /** The browser is back, and the provider is asked. */
  | { readonly is: "returning" }
  | { readonly is: "ended"; readonly progress: ConnectProgress }
);

export class Connecting {
  readonly #options: ConnectingOptions;
  /** By ticket. */
  readonly #attempts = new Map<string, Attempt>();

  constructor(options: ConnectingOptions) {
    this.#options = options;
  }

  /** Is this a connection that a person connects on a page? */
  has(connection: string): boolean {
    return this.#options.connectable(connection) !== undefined;
  }

  /** `base`: where browsers reach us, such as "http://127.0.0.1:4321"; the provider knows the address below it. */
  begin(connection: string, base: string): Begun {
    const { clock, random } = this.#options;
    this.#sweep();
    const ticket = drawSecret(random);
    const expiresAt = clock.now() + JOURNEY_MS;
    this.#attempts.set(ticket, { is: "begun", connection, base, endsAt: expiresAt });
    return { ticket, expiresAt, address: `${pathBelow(base, connection)}/go?ticket=${ticket}` };
  }

  /** A browser sets out: where it is sent, and the secret that it brings back. Undefined: the ticket is none, or used. */
  go(connection: string, ticket: string): { readonly url: string; readonly session: string } | undefined {
    const attempt = this.#attempts.get(ticket);
    const connectable = this.#options.connectable(connection);
    if (attempt?.is !== "begun" || attempt.connection !== connection || connectable === undefined) return undefined;
    const { clock, random } = this.#options;
    if (clock.now() >= attempt.endsAt) return undefined;
    const journey: Journey = {
      connection,
      redirectUri: redirectUriOf(attempt.base, connection),
      state: drawSecret(random),
      session: drawSecret(random),
      verifier: drawSecret(random),
      endsAt: attempt.endsAt,
    };
    this.#attempts.set(ticket, { ...attempt, is: "away", journey });
    return { url: authorizationUrl(connectable, journey), session: journey.session };
  }

  /** The browser is back at the address of `connection`. */
  async callback(connection: string, session: string | undefined, callback: Callback): Promise<ConnectProgress> {
    const state = callback.get("state")?.[0] ?? "";
    const found = [...this.#attempts].find(([, one]) => one.is === "away" && isSame(state, one.journey.state));
    const [ticket, attempt] = found ?? [];
    if (ticket === undefined || attempt?.is !== "away") {
      return this.#refuse(connection, "the callback's state is none that is waited for, or was used before");
    }
    // Once, whatever comes of it.
    this.#attempts.set(ticket, { ...attempt, is: "returning" });
    const progress = await this.#complete(attempt.journey, connection, session, callback);
    this.#attempts.set(ticket, { ...attempt, is: "ended", progress });
    return progress;
  }

  /** How the journey of a ticket goes; undefined: there is none, or it is long over. */
  progress(ticket: string): ConnectProgress | undefined {
    const attempt = this.#attempts.get(ticket);
    if (attempt === undefined) return undefined;
    if (attempt.is === "ended") return attempt.progress;
    const isLate = this.#options.clock.now() >= attempt.endsAt && attempt.is !== "returning";
    if (isLate) return { state: "failed", reason: "nobody came back in time" };
    return { state: "waiting", expiresAt: attempt.endsAt };
  }

  async #complete(
    journey: Journey,
    connection: string,
    session: string | undefined,
    callback: Callback,
  ): Promise<ConnectProgress> {
    const { clock, connectable: find } = this.#options;
    const connectable = find(journey.connection);
    if (connectable === undefined) return this.#refuse(connection, "the connection cannot be connected any more");
    const issuer = connectable.auth.authorize.issuer?.(connectable.settings);
    const judged = judgeCallback(journey, callback, { connection, session, now: clock.now() }, issuer);
    if (!judged.ok) return this.#refuse(connection, judged.reason);
    const answer = await requestToken(this.#options, connectable.account, {
      kind: "code",
      code: judged.code,
      redirectUri: journey.redirectUri,
      ...(connectable.auth.authorize.pkce === false ? {} : { verifier: journey.verifier }),
    });
    if (answer.kind !== "token") return this.#refuse(connection, answer.reason);
    return this.#keep(connection, connectable, callback, answer);
  }

  async #keep(
    connection: string,
    connectable: Connectable,
    callback: Callback,
    given: TokenGiven,
  ): Promise<ConnectProgress> {
    const { account, auth, settings } = connectable;
    const facts = Object.fromEntries([...callback].map(([name, [value = ""]]) => [name, value]));
    try {
      const told = auth.authorize.tells?.({ callback: facts, token: given.fields }) ?? {};
      const fault = contradiction(told, settings);
      if (fault !== undefined) throw new Error(fault);
      await this.#options.credentials.install(account, given);
      const { account: who, warnings } = await this.#options.onConnected(connection);
      const asked = given.refreshToken === undefined && given.expiresInMs !== undefined ? [NO_REFRESH_TOKEN] : [];
      return {
        state: "connected",
        connection,
        told: Object.fromEntries(Object.entries(told).filter(([name]) => settings[name] === undefined)),
        scopesMissing: scopesMissing(account.scopes, given.scopes),
        warnings: [...asked, ...warnings],
        ...(who === undefined ? {} : { account: who }),
      };
    } catch (error) {
      await revokeToken(this.#options, account, given.refreshToken ?? given.accessToken, "refresh_token");
      return this.#refuse(connection, error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(connection: string, reason: string): ConnectProgress {
    this.#options.onRefused(connection, reason);
    return { state: "failed", reason };
  }

  #sweep(): void {
    const now = this.#options.clock.now();
    for (const [ticket, { endsAt }] of this.#attempts) if (now >= endsAt + JOURNEY_MS) this.#attempts.delete(ticket);
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size >= JOURNEYS_MAX && oldest !== undefined) this.#attempts.delete(oldest);
  }
}

const NO_REFRESH_TOKEN =
  "the provider gave no refresh token: the connection has to be connected again when its token ends";

/** A provider that does not say what it granted has granted what was asked. */
export function scopesMissing(
  needed: readonly string[] | undefined,
  granted: readonly string[] | undefined,
): readonly string[] {
  return granted === undefined ? [] : (needed ?? []).filter((scope) => !granted.includes(scope));
}

/** Another address for each connection, so that no provider's answer passes for another's. */
function redirectUriOf(base: string, connection: string): string {
  return `${pathBelow(base, connection)}/callback`;
}

const pathBelow = (base: string, connection: string): string =>
  `${base.replace(/\/$/, "")}/connect/${encodeURIComponent(connection)}`;
