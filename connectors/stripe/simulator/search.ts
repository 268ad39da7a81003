// Stripe's search language: clauses joined by AND or by OR, fields of text, numbers and metadata.
import { isBody, type Body } from "./body.ts";
import { invalid } from "./errors.ts";

const CLAUSE =
  /^\s*(-)?\s*(metadata\[(?:'|")((?:[^'"\\]|\\.)+)(?:'|")\]|[a-z_.]+)\s*(:|~|>=|<=|>|<)\s*(?:(?:'|")((?:[^'"\\]|\\.)*)(?:'|")|(null|-?\d+))/;

export function matcher(query: string): (body: Body) => boolean {
  const clauses: ((body: Body) => boolean)[] = [];
  let joined: "AND" | "OR" | undefined;
  let rest = query;
  for (;;) {
    const clause = CLAUSE.exec(rest);
    if (clause === null) throw unreadable(query);
    clauses.push(clauseOf(clause));
    rest = rest.slice(clause[0].length).trimStart();
    if (rest === "") break;
    const word = /^(AND|OR)\s/i.exec(rest)?.[1]?.toUpperCase() as "AND" | "OR" | undefined;
    if (word === undefined || (joined !== undefined && joined !== word)) throw unreadable(query);
    joined = word;
    rest = rest.slice(word.length);
  }
  return joined === "OR"
    ? (body) => clauses.some((clause) => clause(body))
    : (body) => clauses.every((clause) => clause(body));
}

function clauseOf([, negated, field = "", key, operator = ":", quoted, bare]: RegExpExecArray): (
  body: Body,
) => boolean {
  const wanted = (quoted ?? bare ?? "").replace(/\\(.)/g, "$1");
  const value = (body: Body): unknown => {
    if (key === undefined) return body[field];
    const metadata = body["metadata"];
    return isBody(metadata) ? metadata[key.replace(/\\(.)/g, "$1")] : undefined;
  };
  const holds = (found: unknown): boolean => {
    if (bare === "null") return found === undefined || found === null;
    if (found === undefined || found === null) return false;
    const text = String(found as string | number | boolean);
    if (operator === "~") return text.toLowerCase().includes(wanted.toLowerCase());
    if (operator === ":") return text.toLowerCase() === wanted.toLowerCase();
    const difference = Number(found) - Number(wanted);
    if (operator === ">") return difference > 0;
    if (operator === "<") return difference < 0;
    return operator === ">=" ? difference >= 0 : difference <= 0;
  };
  return negated === undefined ? (body) => holds(value(body)) : (body) => !holds(value(body));
}

function unreadable(query: string): Error {
  return invalid(`We were unable to parse your search query: ${query}`, { param: "query", unsaved: true });
}
