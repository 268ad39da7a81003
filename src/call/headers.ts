// The headers of a call. Most calls of a connection have the same ones, so they are put together once for each credential.
import type { ApiRequest } from "../define/connector.ts";
import { JSON_TYPE } from "./encode-body.ts";

export type HeaderMaker = (
  signedIn: Readonly<Record<string, string>>,
  ofRequest: ApiRequest["headers"],
  /** The content type of the body, where the request names none. */
  type: string | undefined,
) => Readonly<Record<string, string>>;

/** The credential wins over everything: no request can send another one in its place. */
export function outgoingHeaders(ofConnector: Readonly<Record<string, string>> | undefined): HeaderMaker {
  const common = { accept: JSON_TYPE, "user-agent": "bowline", "accept-encoding": "gzip, br", ...lower(ofConnector) };
  let last: Readonly<Record<string, string>> | undefined;
  let plain: Record<string, string> = common;
  let withJson: Record<string, string> = common;
  return (signedIn, ofRequest, type) => {
    if (signedIn !== last) {
      last = signedIn;
      plain = { ...common, ...signedIn };
      withJson = { "content-type": JSON_TYPE, ...common, ...signedIn };
    }
    const ready = type === JSON_TYPE ? withJson : type === undefined ? plain : { "content-type": type, ...plain };
    return ofRequest === undefined ? ready : { ...ready, ...lower(ofRequest), ...signedIn };
  };
}

function lower(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const named: Record<string, string> = {};
  for (const name in headers) named[name.toLowerCase()] = headers[name]!;
  return named;
}

/** Why these headers cannot be sent, if they cannot. */
export function headerFault(headers: ApiRequest["headers"]): string | undefined {
  for (const name in headers) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `"${name}" is no name of a header`;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(headers[name]!)) return `the header "${name}" holds what cannot be sent`;
    if (FRAMING.has(name.toLowerCase())) return `the header "${name}" is not for connectors to set`;
  }
  return undefined;
}

/** They say where a request ends and who it is for. */
const FRAMING = new Set(["host", "connection", "content-length", "transfer-encoding", "upgrade", "expect"]);
