// What the types cannot say of a connector, and what in a running project would only show as a call that is never made: names that
// nobody knows, figures that make no sense.
import type { Auth } from "./auth.ts";
import type { Connector, Limit } from "./connector.ts";
import type { Fault } from "./fault.ts";
import { authFigureFaults, limitFaults, resourceFigureFaults, webhookFigureFaults } from "./figures.ts";
import { authFaults, namedByCertificate, settingFaults } from "./named-settings.ts";
import type { Resource } from "./resource.ts";
import { resourceKeyFaults } from "./resource-keys.ts";

/** What is wrong whatever the settings hold. */
export function connectorFaults(connector: Connector<any, Record<string, Resource>>): readonly Fault[] {
  const { settings, auth, certificate, webhook, limits, resources } = connector;
  const named = [
    ...(certificate === undefined ? [] : namedByCertificate(certificate)),
    ...(webhook?.secretSettings ?? []).map((name) => ["webhook › secretSettings", name] as const),
  ];
  return [
    ...(typeof auth === "function" ? [] : [...authFaults(auth, settings), ...authFigureFaults(auth)]),
    ...settingFaults(named, settings),
    ...(typeof limits === "function" ? [] : limitFaults(limits)),
    ...(webhook === undefined ? [] : webhookFigureFaults(webhook)),
    ...Object.values(resources).flatMap(keyFaultsOf),
    ...Object.values(resources).flatMap(resourceFigureFaults),
  ];
}

/** Of one that was made without `defineResource`, or changed since. */
function keyFaultsOf(resource: Resource): readonly Fault[] {
  const place = `resources › ${resource.name}`;
  return resourceKeyFaults(resource).map(({ place: within, message }) => ({
    place: within === "" ? place : `${place} › ${within}`,
    message,
  }));
}

/** What is wrong with what the connector makes of settings that its schema took. */
export function faultsWith(connector: Connector<any, any>, settings: unknown): readonly Fault[] {
  const { auth, limits } = connector;
  const signsIn: Auth | undefined = typeof auth === "function" ? made(() => auth(settings)) : undefined;
  const allowed: readonly Limit[] | undefined = typeof limits === "function" ? made(() => limits(settings)) : undefined;
  return [
    ...(signsIn === undefined ? [] : [...authFaults(signsIn, connector.settings), ...authFigureFaults(signsIn)]),
    ...(allowed === undefined ? [] : limitFaults(allowed)),
  ];
}

/** What it throws is not told here: it may quote a secret. */
function made<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
