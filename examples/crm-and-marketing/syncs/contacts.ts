// One person, one truth: what sales and marketing know of a contact agrees, whichever of them writes it down.
import {
  across,
  defineTwoWaySync,
  email,
  greatest,
  type MatchAs,
  phone,
  trueFalseText,
  twoWay,
  unlessEmpty,
} from "../../../src/index.ts";
import { crm, marketing, salesOperations } from "../connections.ts";

/** "ü" in one character or in two, and blanks around a name, are no difference. */
const sameLetters: MatchAs = {
  rule: "the same letters",
  normal: (value) => value.normalize("NFC").trim() || undefined,
};

/** A number in the CRM; HubSpot writes numbers as text, without an exponent. */
const score = twoWay("a score", {
  there: (points: number) => String(Math.round(points)),
  back: (text: string) => Math.round(Number(text)),
  examples: [0, 7, 100],
});

export default defineTwoWaySync({
  name: "contacts",
  purpose: "What sales and marketing know of a person agrees, and nobody writes to somebody who opted out.",
  owner: salesOperations,
  between: { crm: crm.contacts, marketing: marketing.contacts },
  match: [
    { crm: (contact) => contact.Email, marketing: (contact) => contact.properties.email, as: email },
    { crm: (contact) => contact.Phone, marketing: (contact) => contact.properties.phone, as: phone() },
  ],
  // Suppliers are no business of marketing's; who only reads the newsletter is none of sales'.
  only: {
    crm: (contact) => contact.LeadSource !== "Supplier",
    marketing: (contact) => contact.properties.lifecyclestage !== "subscriber",
  },
  fields: [
    { crm: "Email", marketing: "email", as: email, wins: "crm" },
    { crm: "FirstName", marketing: "firstname", as: sameLetters, wins: unlessEmpty("crm") },
    { crm: "LastName", marketing: "lastname", as: sameLetters, wins: unlessEmpty("crm") },
    { crm: "Phone", marketing: "phone", as: phone(), wins: unlessEmpty("crm") },
    // People tell what they do in marketing's forms.
    { crm: "Title", marketing: "jobtitle", as: sameLetters, wins: "marketing" },
    // Sales visits: addresses are theirs.
    { crm: "MailingStreet", marketing: "address", as: sameLetters, wins: "crm" },
    { crm: "MailingCity", marketing: "city", as: sameLetters, wins: "crm" },
    { crm: "MailingState", marketing: "state", as: sameLetters, wins: "crm" },
    { crm: "MailingPostalCode", marketing: "zip", as: sameLetters, wins: "crm" },
    { crm: "MailingCountry", marketing: "country", as: sameLetters, wins: "crm" },
    // Marketing scores leads; sales only reads it.
    { crm: "Lead_Score__c", marketing: "lead_score", convert: across("crm", score), from: "marketing" },
    // Of two answers, "do not write to me" holds.
    {
      crm: "HasOptedOutOfEmail",
      marketing: "do_not_email",
      convert: across("crm", trueFalseText),
      wins: greatest,
    },
  ],
  conflicts: "crm",
  create: { crm: true, marketing: true },
  // Who is deleted in the CRM is archived in marketing, where it can be restored; marketing deletes nothing of sales'.
  onDelete: { crm: "archive", marketing: "unlink" },
  freshWithin: "1m",
  pollEvery: "5s",
  // HubSpot's search does not tell what was archived: only a webhook does, or a complete listing.
  everythingEvery: "30s",
  // The example lives fast: people there do in a minute what takes a year elsewhere.
  deletedShareMax: 0.2,
});
