// What was done, in a sentence, so that a failure can be read and told.
import type { Operation } from "./operations.ts";

const nth = (index: number): string => `${index + 1}.`;

export function sentence(operation: Operation): string {
  switch (operation.do) {
    case "edit":
      return `At system ${nth(operation.system)} contact ${nth(operation.contact)} gets ${operation.to === "new" ? "a new" : operation.to === "empty" ? "an empty" : "its earlier"} ${operation.field}.`;
    case "edit-both":
      return `Of person ${nth(operation.contact)} both sides are edited: ${operation.to} values of ${operation.field}.`;
    case "create":
      return `At system ${nth(operation.system)} a contact is created.`;
    case "create-both":
      return "One person is created at every system.";
    case "create-twin":
      return `A second contact is created with the address of contact ${nth(operation.contact)}.`;
    case "delete":
      return `At system ${nth(operation.system)} contact ${nth(operation.contact)} is deleted.`;
    case "delete-and-edit":
      return `At system ${nth(operation.system)} contact ${nth(operation.contact)} is deleted, and its counterpart's ${operation.field} edited.`;
    case "restore":
      return `At system ${nth(operation.system)} deleted contact ${nth(operation.contact)} is restored.`;
    case "merge":
      return `At system ${nth(operation.system)} contact ${nth(operation.contact)} is merged into contact ${nth(operation.into)}.`;
    case "leave-filter":
      return `Contact ${nth(operation.contact)} leaves the filter.`;
    case "enter-filter":
      return `Contact ${nth(operation.contact)} enters the filter again.`;
    case "deliver":
      return `Webhooks of system ${nth(operation.system)}: ${operation.how}.`;
    case "poll":
      return operation.full ? "Everything is listed." : "Changes are polled.";
    case "broken-listing":
      return `Everything is listed; at system ${nth(operation.system)} it breaks off ${operation.pages} times.`;
    case "wait":
      return `${operation.ms} ms pass.`;
    case "crash":
      return `Bowline dies ${operation.when === "now" ? "now" : "between its next write and the confirmation"}; it is back after ${operation.downMs} ms.`;
    case "down":
      return `System ${nth(operation.system)} is down for ${operation.ms} ms.`;
    case "fail-after-effect":
      return `System ${nth(operation.system)} does the next ${operation.writes} writes and answers 500.`;
    case "lose-base":
      return `The base of contact ${nth(operation.contact)} is lost.`;
    case "import":
      return `${operation.contacts} contacts of system ${nth(operation.system)} are imported at once.`;
  }
}
