// Where alerts go: one address for all, or one for each owner. Addresses of chats are secrets as a whole, and are never shown.
import type { ProjectAlerts } from "../define/config.ts";
import { isSecret, type Secret, type SecretReader } from "../define/secret.ts";
import { secretText, type SecretText } from "../define/secret-text.ts";

export interface Destination {
  /** The owner's name; "everybody" for the address of all. */
  readonly name: string;
  readonly url: SecretText;
}

export interface Destinations {
  readonly all: readonly Destination[];
  readonly secret?: SecretText;
  /** Of these owners, or of nobody: each address once. */
  of(owners: readonly string[]): readonly Destination[];
  /** Everything that is not to be shown. */
  readonly secrets: readonly string[];
}

const EVERYBODY = "everybody";

export function destinationsOf({ to, toOwners, secret }: ProjectAlerts, read: SecretReader): Destinations {
  const textOf = (value: string | Secret | undefined): string | undefined => (isSecret(value) ? read(value) : value);
  const destination = (name: string, value: string | Secret | undefined): readonly Destination[] => {
    const url = textOf(value);
    return url === undefined || url === "" ? [] : [{ name, url: secretText(url) }];
  };
  const [forAll] = destination(EVERYBODY, to);
  const byOwner = new Map(
    Object.entries(toOwners).flatMap(([owner, value]) => destination(owner, value).map((one) => [owner, one] as const)),
  );
  const signed = textOf(secret);
  const hidden = [to, ...Object.values(toOwners)].filter(isSecret);
  return {
    all: [...(forAll === undefined ? [] : [forAll]), ...byOwner.values()],
    ...(signed === undefined || signed === "" ? {} : { secret: secretText(signed) }),
    of(owners) {
      const found = (owners.length === 0 ? [EVERYBODY] : owners).flatMap((owner) => byOwner.get(owner) ?? forAll ?? []);
      return [...new Map(found.map((one) => [one.url.reveal(), one])).values()];
    },
    secrets: [...hidden.flatMap((one) => read(one) ?? []), ...(signed === undefined ? [] : [signed])],
  };
}
