// Makes up a person, and the ways in which two people write down the same person.
import type { Dice } from "./dice.ts";
import { CALLING, NAMES, PLACES, TITLES } from "./names.ts";
import { NOTHING, type Values } from "./values.ts";

const DOMAINS = ["example.com", "example.org", "mail.example.net", "shop.example.co"];

/** `number` is the person's own, so that no two share an address or a telephone. */
export function persona(dice: Dice, number: number): Values {
  const { first, last } = dice.pick(NAMES);
  const place = dice.pick(PLACES);
  return {
    ...NOTHING,
    email: emailOf(dice, number),
    firstName: dice.pick(first),
    lastName: dice.pick(last),
    phone: dice.chance(0.8) ? phoneOf(dice, number) : "",
    title: dice.chance(0.6) ? dice.pick(TITLES) : "",
    ...(dice.chance(0.7) ? { ...place, street: `${place.street} ${1 + dice.below(180)}` } : {}),
    optOut: dice.chance(0.1) ? "true" : "false",
  };
}

export function emailOf(dice: Dice, number: number): string {
  return `person${number}.${dice.digits(3)}@${dice.pick(DOMAINS)}`;
}

/** "+49 1234567890"; the last five digits are the person's number. */
export function phoneOf(dice: Dice, number: number): string {
  const { code, digits } = dice.pick(CALLING);
  const own = String(number).padStart(5, "0");
  return `+${code} ${1 + dice.below(9)}${dice.digits(digits - 1 - own.length)}${own}`;
}

export function scoreOf(dice: Dice): string {
  return String(dice.below(100));
}

/** The same values as somebody else writes them. */
export function inOtherWriting(dice: Dice, values: Values): Values {
  return {
    ...values,
    email: dice.pick([values.email.toUpperCase(), capital(values.email), ` ${values.email}`]),
    firstName: dice.pick([values.firstName.normalize("NFD"), `${values.firstName} `]),
    lastName: dice.pick([values.lastName.normalize("NFD"), ` ${values.lastName}`]),
    phone: values.phone === "" ? "" : phoneInOtherWriting(dice, values.phone),
  };
}

function phoneInOtherWriting(dice: Dice, phone: string): string {
  const [code = "", rest = ""] = phone.slice(1).split(" ");
  const [head, tail] = [rest.slice(0, 3), rest.slice(3)];
  return dice.pick([
    `00${code}${rest}`,
    `+${code} (0)${head} ${tail}`,
    `+${code}-${head}-${tail}`,
    `+${code}.${head}.${tail}`,
  ]);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
