// What an answer's headers say of an end to come: RFC 8594 (Sunset), RFC 9745 (Deprecation) and the warning 299.

type Headers = Readonly<Record<string, string>>;

const SHOWN_MAX = 200;

/** A sentence for each. Most answers say nothing: two or three look-ups, and nothing is made. */
export function deprecationsIn(headers: Headers): readonly string[] {
  const { sunset, deprecation, warning } = headers;
  if (sunset === undefined && deprecation === undefined && warning === undefined) return NONE;
  return [
    ...(sunset === undefined ? [] : [`what we ask for ends on ${dayOf(sunset)} (Sunset)`]),
    ...(deprecation === undefined || deprecation === "false"
      ? []
      : [`what we ask for is deprecated${since(deprecation)}`]),
    ...(warning !== undefined && /^\s*299\b/.test(warning) ? [`the provider warns: ${cut(warning)}`] : []),
  ];
}

const NONE: readonly string[] = [];

/** RFC 9745 has "@1688169599"; before it, dates and "true" were sent. */
function since(deprecation: string): string {
  const seconds = /^@(\d{1,12})$/.exec(deprecation)?.[1];
  if (seconds !== undefined) return ` since ${new Date(Number(seconds) * 1000).toISOString().slice(0, 10)}`;
  return Number.isNaN(Date.parse(deprecation)) ? "" : ` since ${dayOf(deprecation)}`;
}

function dayOf(date: string): string {
  const at = Date.parse(date);
  return Number.isNaN(at) ? cut(date) : new Date(at).toISOString().slice(0, 10);
}

const cut = (text: string): string => (text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`);
