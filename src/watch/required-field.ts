// Reads from a refusal which field the provider wants: providers say it in their own words, all with the field's name.

const NAME = String.raw`["'\x60\[]?([A-Za-z_][\w.\[\]]{0,80}?)["'\x60\]]?`;

/** Each with the field's name in its first group. */
const SAYINGS: readonly RegExp[] = [
  // Salesforce: "REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]"
  new RegExp(String.raw`required fields? (?:are|is) missing:? ${NAME}(?=[\]\s,.:;]|$)`, "i"),
  // QuickBooks: "Required parameter Line is missing in the request"; Stripe: "Missing required param: customer."
  new RegExp(String.raw`required param(?:eter)? ${NAME} is missing`, "i"),
  new RegExp(
    String.raw`missing required (?:param(?:eter)?|field|property|attribute|argument):? ${NAME}(?=[\s,.:;]|$)`,
    "i",
  ),
  // HubSpot: "Required property 'email' was missing" and the like
  new RegExp(String.raw`required (?:property|field|attribute) ${NAME} (?:was|is) (?:missing|not)`, "i"),
  // "email is required", "Name: can't be blank", "Contact must be specified", "DueDate is mandatory"
  new RegExp(
    String.raw`${NAME}:? (?:field )?(?:is (?:a )?(?:required|mandatory)|can(?:'|no)?t be (?:blank|empty|null)|cannot be (?:blank|empty|null)|must be (?:specified|provided|present))`,
    "i",
  ),
];

/** Words that stand before "is required" and are no field. */
const NO_FIELDS = new Set([
  "it",
  "this",
  "that",
  "field",
  "value",
  "which",
  "what",
  "one",
  "authentication",
  "permission",
]);

export function requiredField(reason: string): string | undefined {
  for (const saying of SAYINGS) {
    const name = saying.exec(reason)?.[1];
    if (name !== undefined && !NO_FIELDS.has(name.toLowerCase())) return name;
  }
  return undefined;
}
