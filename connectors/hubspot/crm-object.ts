// What the connector has to know of one kind of HubSpot's records.
import type { ObjectName } from "./settings.ts";

/** Released in September 2026. Each such version is served for 18 months at least. */
export const API_VERSION = "2026-09";
export const API_VERSION_ENDS = "2028-03-08";

/** The most records one call of a batch takes. */
export const BATCH_MAX = 100;

export interface AssociationKind {
  readonly to: "contacts" | "companies" | "deals";
  /** Between the two without any label. */
  readonly typeId: number;
  /** Of the one primary company, where there is such a thing. */
  readonly primaryTypeId?: number;
  /** As it is told in listings: "contact_to_company", and with "_unlabeled" behind where it is not the primary one. */
  readonly name: string;
}

export interface CrmObject {
  readonly name: ObjectName;
  /** Contacts have another name for it than all others. */
  readonly modified: "lastmodifieddate" | "hs_lastmodifieddate";
  /** The properties that are asked for. */
  readonly properties: readonly string[];
  /** Those of them that can be written as fields of the same name. */
  readonly writable: readonly string[];
  readonly associated: readonly AssociationKind[];
}

export interface CrmRecord {
  readonly id: string;
  readonly updatedAt: string;
  readonly properties: { readonly [name: string]: string | null | undefined };
  readonly associations?: { readonly [to: string]: Associated | undefined } | undefined;
}

export interface Associated {
  readonly results: readonly { readonly id: string; readonly type?: string | undefined }[];
}

export function objectPath({ name }: CrmObject, rest = ""): string {
  return `/crm/objects/${API_VERSION}/${name}${rest}`;
}
