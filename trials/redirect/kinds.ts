// What is tried: each way of signing in, each redirect, and each place that it may lead to.

export const CREDENTIALS = [
  "bearer",
  "basic",
  "custom header",
  "query key",
  "cookie",
  "jwt",
  "signature",
  "certificate",
  "token request, basic",
  "token request, body",
] as const;
export type CredentialKind = (typeof CREDENTIALS)[number];

export const STATUSES = [301, 302, 303, 307, 308] as const;

export const PLACES = [
  "same origin",
  "relative",
  "loop",
  "other port",
  "other host",
  "other scheme",
  "protocol-relative",
  "user",
  "name of this origin as user",
  "backslashes",
] as const;
export type Place = (typeof PLACES)[number];

/** These stay on the origin: a request that allows it follows them. */
export const STAYS: ReadonlySet<Place> = new Set(["same origin", "relative", "loop"]);

export interface Origins {
  /** "https://localhost:4321", where the connection is. */
  readonly first: string;
  readonly otherPort: string;
  readonly otherHost: string;
  readonly otherScheme: string;
}

/** The location that leads there. `path` ends the trial; `self` is where the request was sent. */
export function locationTo(
  place: Place,
  { first, ...others }: Origins,
  { path, self }: { readonly path: string; readonly self: string },
): string {
  const bare = (origin: string): string => origin.slice(origin.indexOf("//"));
  switch (place) {
    case "same origin":
      return first + path;
    case "relative":
      return path;
    case "loop":
      return self;
    case "other port":
      return others.otherPort + path;
    case "other host":
      return others.otherHost + path;
    case "other scheme":
      return others.otherScheme + path;
    case "protocol-relative":
      return bare(others.otherPort) + path;
    case "user":
      return `https://user:word@${bare(others.otherPort).slice(2)}${path}`;
    case "name of this origin as user":
      return `https://${bare(first).slice(2).replace(":", "%3A")}@${bare(others.otherPort).slice(2)}${path}`;
    case "backslashes":
      return `\\\\${bare(others.otherPort).slice(2)}${path.replaceAll("/", "\\")}`;
  }
}
