// Says before the start which settings lead to addresses that the project may not call: every call there would be refused.
import type { Project } from "../define/config.ts";
import type { Fault } from "../define/fault.ts";
import { networksOfAll } from "../define/private-addresses.ts";
import { isSecret, type SecretReader } from "../define/secret.ts";
import { checkOrigin, publicAnd } from "../world/public-address.ts";
import { thrownText } from "../define/thrown-text.ts";

export function addressFaults(project: Project, read: SecretReader): readonly Fault[] {
  const addresses = publicAnd(networksOfAll(project.network.privateAddresses));
  const settings = project.connections.flatMap(({ connectionName, settings: given }) =>
    Object.entries(given as Readonly<Record<string, unknown>>).map(
      ([name, setting]) => [`connection ${connectionName} › ${name}`, setting] as const,
    ),
  );
  const { to, toOwners } = project.alerts;
  const owners = Object.entries(toOwners).map(([owner, address]) => [`alerts › toOwners › ${owner}`, address] as const);
  return [...settings, ["alerts › to", to] as const, ...owners].flatMap(([place, setting]) => {
    const value = isSecret(setting) ? read(setting) : setting;
    if (typeof value !== "string" || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return [];
    try {
      checkOrigin(value, addresses);
      return [];
    } catch (error) {
      const message = `cannot be called: ${thrownText(error)}`;
      return [{ place, message }];
    }
  });
}
