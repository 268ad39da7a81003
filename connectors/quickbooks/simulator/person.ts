// Somebody at work in QuickBooks itself: what they do goes by the same rules, but needs no token and meets no limit.
import type { Company } from "./company.ts";
import { isBody } from "./fields.ts";
import type { Body, Kind } from "./kinds.ts";
import { write } from "./write.ts";

/** Money in bodies is text, such as "19.90". */
export interface Person {
  create(kind: Kind, fields: Body): Body;
  /** Changes the named fields only. */
  update(kind: Kind, id: string, fields: Body): Body;
  delete(kind: Kind, id: string): void;
  void(kind: Kind, id: string): Body;
  deactivate(kind: Kind, id: string): Body;
  /** Merges one customer or item into another: its transactions move over, and it is gone. */
  merge(kind: "Customer" | "Item", loserId: string, winnerId: string): void;
}

export function person(company: Company): Person {
  const save = (kind: Kind, body: Body): Body =>
    write(company, { kind, operation: "save", body, warnDuplicates: false });
  const token = (kind: Kind, id: string): Body => ({ Id: id, SyncToken: company.get(kind, id)["SyncToken"] });
  return {
    create: save,
    update: (kind, id, fields) => save(kind, { ...fields, ...token(kind, id), sparse: true }),
    delete: (kind, id) => {
      write(company, { kind, operation: "delete", body: token(kind, id), warnDuplicates: false });
    },
    void: (kind, id) => write(company, { kind, operation: "void", body: token(kind, id), warnDuplicates: false }),
    deactivate: (kind, id) => save(kind, { ...token(kind, id), sparse: true, Active: false }),
    merge: (kind, loserId, winnerId) => merge(company, kind, loserId, winnerId),
  };
}

function merge(company: Company, kind: "Customer" | "Item", loserId: string, winnerId: string): void {
  const winner = company.get(kind, winnerId);
  if (kind === "Customer") {
    const reference = { value: winnerId, name: winner["DisplayName"] };
    for (const other of ["Invoice", "Payment", "CreditMemo", "RefundReceipt"] as const) {
      for (const body of company.bodies[other].values()) {
        const customer = body["CustomerRef"];
        if (isBody(customer) && customer["value"] === loserId) {
          company.put(other, { ...body, CustomerRef: reference }, "updated");
        }
      }
    }
  }
  company.remove(kind, loserId);
  company.put(kind, winner, "merged");
}
