// What people ask of connections: see them, connect and disconnect them; answered from the credentials, the callers and the
// store of a running engine.
import { Connecting, scopesMissing, type ConnectProgress } from "./auth/connecting.ts";
import type { Connectable } from "./auth/authorization.ts";
import type { KeptCredentials } from "./auth/credentials.ts";
import { accountOf, certificateOf, needsNobody, type OAuthAccount } from "./auth/oauth-account.ts";
import type { Caller } from "./call/caller.ts";
import { readSettings } from "./call/settings.ts";
import { connectionWarnings } from "./connection-warnings.ts";
import {
  ControlError,
  type ConnectAnswer,
  type ConnectionView,
  type Disconnected,
  type TokensForgotten,
} from "./control.ts";
import type { OAuth2 } from "./define/auth.ts";
import { allSyncs, resourcesOf, type Project } from "./define/config.ts";
import type { Account, ConnectionBase } from "./define/connector.ts";
import { unknownName } from "./define/did-you-mean.ts";
import type { SecretReader } from "./define/secret.ts";
import type { Log } from "./log.ts";
import type { ConnectionState, RequestEntry, Store } from "./store/store.ts";
import type { World } from "./world/world.ts";

export interface EngineConnectionsOptions {
  readonly project: Project;
  readonly store: Store;
  readonly world: World;
  readonly credentials: KeptCredentials;
  readonly callers: ReadonlyMap<string, Caller>;
  readonly secrets: SecretReader;
  readonly log: Log;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** Where browsers reach us; undefined: nothing listens. */
  readonly base: () => string | undefined;
}

export interface EngineConnections {
  readonly connecting: Connecting;
  connections(): Promise<readonly ConnectionView[]>;
  connect(name: string): Promise<ConnectAnswer>;
  connectProgress(ticket: string): Promise<ConnectProgress>;
  disconnect(name: string): Promise<Disconnected>;
  forgetTokens(name: string): Promise<TokensForgotten["next"]>;
}

/** So many connections are looked through for one that the project does not know. */
const SEALED_MAX = 10_000;
/** What the provider said of an account is believed for so long. */
const ACCOUNT_MS = 600_000;

/** How one connection signs in, as its settings are now. */
interface SigningIn {
  readonly oauth?: { readonly auth: OAuth2; readonly account: OAuthAccount | { readonly unset: string } };
  readonly settings: Readonly<Record<string, unknown>>;
  /** Variables of the environment that hold nothing. */
  readonly missing: readonly string[];
}

export function engineConnections(options: EngineConnectionsOptions): EngineConnections {
  const { project, store, world, credentials, callers, secrets, log, wakeSyncs } = options;
  const { clock } = world;
  const signingIn = new Map(project.connections.map((one) => [one.connectionName, signingInOf(one, secrets)]));
  const accounts = new Map<string, { readonly account: Account; readonly at: number }>();

  function named(name: string): ConnectionBase {
    const found = project.connections.find(({ connectionName }) => connectionName === name);
    if (found !== undefined) return found;
    const names = project.connections.map(({ connectionName }) => connectionName);
    throw new ControlError("unknown-connection", unknownName("connection", name, names));
  }

  async function setState(name: string, state: ConnectionState): Promise<void> {
    await store.setConnectionState(name, state);
    callers.get(name)?.setConnectionState(state);
  }

  /** Asks the provider whose account it is; what it answers is remembered. */
  async function ask(connection: ConnectionBase): Promise<Account | undefined> {
    const { connectionName: name, connector } = connection;
    const entries: RequestEntry[] = [];
    try {
      const api = callers.get(name)?.api({ priority: "person", entries });
      const account = api === undefined ? undefined : await connector.about?.(api);
      if (account !== undefined) accounts.set(name, { account, at: clock.now() });
      return account;
    } finally {
      if (entries.length > 0) await store.log(entries);
    }
  }

  /** It works again: what waits for it goes on, and the provider says whose account it is. */
  async function connected(
    name: string,
  ): Promise<{ readonly account?: Account; readonly warnings: readonly string[] }> {
    const before = accounts.get(name)?.account;
    await setState(name, { state: "active" });
    wakeSyncs(syncsOf(project, name));
    log("info", `connection ${name} is connected`, { connection: name });
    try {
      const account = await ask(named(name));
      if (account === undefined) return { warnings: [] };
      const isOther = before !== undefined && before.id !== account.id;
      return { account, warnings: isOther ? [`it was the account ${before.id} before, and is ${account.id} now`] : [] };
    } catch (error) {
      return { warnings: [`the provider did not say whose account it is: ${messageOf(error)}`] };
    }
  }

  const connecting = new Connecting({
    ...world,
    credentials,
    connectable: (name) => connectableOf(signingIn.get(name)),
    onConnected: connected,
    onRefused: (connection, reason) => log("warn", `could not connect ${connection}: ${reason}`, { connection }),
  });

  async function view(connection: ConnectionBase, state: ConnectionState): Promise<ConnectionView> {
    const { connectionName: name, connector } = connection;
    const { oauth } = signingIn.get(name) ?? {};
    const kept = await credentials.view(name);
    const [last] = await store.requests({ connection: name, limit: 1 });
    const known = accounts.get(name);
    const isKnown = known !== undefined && clock.now() < known.at + ACCOUNT_MS;
    const asked = isKnown || state.state !== "active" ? undefined : await ask(connection).catch(() => undefined);
    const account = asked ?? known?.account;
    const needed = oauth === undefined || "unset" in oauth.account ? [] : (oauth.account.scopes ?? []);
    const granted = account?.scopes ?? kept.scopes;
    const heldUntil = callers.get(name)?.heldUntil();
    const facts: Omit<ConnectionView, "warnings"> = {
      connection: name,
      connector: connector.name,
      title: connector.title,
      // A connection that was given up while we asked says so at once.
      ...(await store.connectionState(name)),
      signIn: connecting.has(name) ? "page" : "settings",
      scopesNeeded: needed,
      scopesMissing: scopesMissing(needed, granted),
      budget: callers.get(name)?.budget() ?? [],
      ...(account === undefined ? {} : { account }),
      ...(granted === undefined ? {} : { scopesGranted: granted }),
      ...(kept.accessExpiresAt === undefined ? {} : { accessExpiresAt: kept.accessExpiresAt }),
      ...(kept.refreshExpiresAt === undefined ? {} : { refreshExpiresAt: kept.refreshExpiresAt }),
      ...(last === undefined ? {} : { lastUsedAt: last.at }),
      ...(heldUntil === undefined ? {} : { heldUntil }),
      ...(connector.apiVersion === undefined ? {} : { apiVersion: connector.apiVersion }),
      ...(connector.apiVersionEnds === undefined ? {} : { apiVersionEnds: connector.apiVersionEnds }),
    };
    return { ...facts, warnings: connectionWarnings(facts, clock.now()) };
  }

  return {
    connecting,
    connections: () =>
      Promise.all(
        project.connections.map(async (connection) =>
          view(connection, await store.connectionState(connection.connectionName)),
        ),
      ),
    async connect(name) {
      const connection = named(name);
      refuseUnset(name, signingIn.get(name));
      if (!connecting.has(name)) {
        const { oauth } = signingIn.get(name) ?? {};
        if (oauth !== undefined && !("unset" in oauth.account)) await credentials.takeUpAgain(oauth.account);
        const { account, warnings } = await connected(name);
        return { kind: "settings", connection: name, warnings, ...(account === undefined ? {} : { account }) };
      }
      const base = options.base();
      if (base === undefined) {
        throw new ControlError(
          "not-now",
          `could not connect ${name}: expected a server that ${connection.connector.title} can send the browser back to, and nothing listens`,
        );
      }
      return { kind: "page", ...connecting.begin(name, base) };
    },
    async connectProgress(ticket) {
      const progress = connecting.progress(ticket);
      return progress ?? { state: "failed", reason: "nobody is waited for under this ticket any more" };
    },
    async disconnect(name) {
      named(name);
      const { oauth } = signingIn.get(name) ?? {};
      const revoked =
        oauth === undefined || "unset" in oauth.account
          ? ({ revoked: false, reason: "its credential is in the settings: take it back at the provider" } as const)
          : await credentials.forget(oauth.account);
      const reason = `disconnected by hand; connect it again with: bowline connect ${name}`;
      await setState(name, { state: "paused", reason, since: clock.now() });
      accounts.delete(name);
      log("warn", `connection ${name} was disconnected by hand; its work is held`, { connection: name });
      return { connection: name, ...revoked };
    },
    async forgetTokens(name) {
      const { oauth } = signingIn.get(name) ?? {};
      const account = oauth === undefined || "unset" in oauth.account ? undefined : oauth.account;
      // One that was taken out of the project may have left tokens behind.
      if (!signingIn.has(name) && !(await isSealed(store, name))) named(name);
      const forgotten = await credentials.letGo(name, account);
      if (forgotten !== "forgotten") throw notForgotten(name, forgotten);
      log("warn", `the tokens of ${name}, which no key opened, were forgotten by hand`, { connection: name });
      if (!signingIn.has(name)) return "gone";
      if (account !== undefined && beginsByItself(account)) {
        await setState(name, { state: "active" });
        wakeSyncs(syncsOf(project, name));
        return "settings";
      }
      const reason = `its tokens were forgotten; authorise it with: bowline connect ${name}`;
      await setState(name, { state: "reauthorize", reason, since: clock.now() });
      return "connect";
    },
  };
}

/** It can sign in again without a person. */
function beginsByItself(account: OAuthAccount): boolean {
  return account.firstRefreshToken !== undefined || needsNobody(account);
}

function signingInOf(connection: ConnectionBase, secrets: SecretReader): SigningIn {
  const { connector, connectionName } = connection;
  const { settings, missing } = readSettings(connection, secrets);
  const auth = typeof connector.auth === "function" ? connector.auth(settings) : connector.auth;
  if (auth.kind !== "oauth2") return { settings, missing };
  const account = accountOf(auth, connectionName, settings, certificateOf(connector.certificate, settings));
  return { settings, missing, oauth: { auth, account } };
}

function connectableOf(signing: SigningIn | undefined): Connectable | undefined {
  const { oauth, settings } = signing ?? {};
  if (oauth === undefined || settings === undefined || "unset" in oauth.account) return undefined;
  const { auth, account } = oauth;
  const { authorize, grant = "authorization-code" } = auth;
  if (authorize === undefined || grant !== "authorization-code") return undefined;
  return { auth: { ...auth, authorize }, account, settings };
}

function refuseUnset(name: string, signing: SigningIn | undefined): void {
  const { missing = [], oauth } = signing ?? {};
  if (missing.length > 0) {
    throw new ControlError(
      "not-now",
      `could not connect ${name}: the environment has no ${missing.join(", ")}; set it, and start again`,
    );
  }
  if (oauth !== undefined && "unset" in oauth.account) {
    throw new ControlError(
      "not-now",
      `could not connect ${name}: the setting "${oauth.account.unset}" is empty; set it, and start again`,
    );
  }
}

function syncsOf(project: Project, connection: string): readonly string[] {
  return allSyncs(project)
    .filter((sync) => resourcesOf(sync).some(({ connectionName }) => connectionName === connection))
    .map(({ name }) => name);
}

/** Is anything sealed for it, whether the project knows it or not? */
async function isSealed(store: Store, connection: string): Promise<boolean> {
  const rows = await store.sealed(undefined, SEALED_MAX);
  return rows.some((row) => row.connection === connection);
}

function notForgotten(name: string, is: "readable" | "none"): ControlError {
  const words =
    is === "none"
      ? `there are none of ${name}`
      : `those of ${name} open; to take them back at the provider: bowline disconnect ${name}`;
  return new ControlError("not-possible", `could not forget tokens: expected some that no key opens, and ${words}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
