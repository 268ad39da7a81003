// Reads what is sold on a line, in each of the ways in which it may be said: an amount, a price, or a price made for it.
import type { Body } from "./body.ts";
import { invalid, missingParameter } from "./errors.ts";
import type { Sold } from "./invoice-body.ts";
import type { Ledger } from "./ledger.ts";
import type { Params } from "./params.ts";
import { newPrice, unitAmountIn } from "./products.ts";
import { times } from "./unit-amounts.ts";

export function soldIn(ledger: Ledger, params: Params, currency: string, before?: Body): Sold {
  const quantity = params.integer("quantity") ?? 1;
  const price = priceIn(ledger, params);
  const amount = params.integer("amount");
  const unit = unitAmountIn(params, "unit_amount");
  const sold = {
    description: params.text("description") ?? null,
    discountable: params.flag("discountable") ?? true,
    metadata: params.metadata((before?.["metadata"] ?? {}) as Body),
    period: periodIn(params) ?? { end: ledger.now, start: ledger.now },
  };
  if (price !== undefined) {
    const each = String(price["unit_amount_decimal"]);
    return {
      ...sold,
      description: sold.description ?? (ledger.find("product", String(price["product"]))?.["name"] as string) ?? null,
      amount: times(each, quantity),
      currency: String(price["currency"]),
      quantity,
      unitAmount: each,
      price: String(price["id"]),
      product: String(price["product"]),
    };
  }
  if (typeof amount === "number" && params.has("quantity")) {
    throw invalid("You may only specify one of these parameters: amount, quantity.", { unsaved: true });
  }
  const each = typeof amount === "number" ? String(amount) : unit;
  if (each === undefined) throw missingParameter("amount");
  const own = { price: ledger.newId("price"), product: ledger.newId("prod", 14) };
  return { ...sold, ...own, amount: times(each, quantity), currency, quantity, unitAmount: each };
}

function priceIn(ledger: Ledger, params: Params): Body | undefined {
  const pricing = params.part("pricing");
  const data = params.part("price_data");
  if (data) {
    const price = { ...newPrice(ledger, data), active: false };
    data.finish();
    return ledger.add("price", price);
  }
  const id = pricing?.text("price");
  pricing?.finish();
  if (!id) return undefined;
  const price = ledger.get("price", id, "pricing[price]");
  if (price["active"] === false) {
    throw invalid("The price specified is inactive. This field only accepts active prices.", {
      param: "pricing[price]",
    });
  }
  if (price["type"] === "recurring") {
    const message =
      "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.";
    throw invalid(message, { param: "pricing[price]" });
  }
  return price;
}

function periodIn(params: Params): Body | undefined {
  const part = params.part("period");
  if (!part) return undefined;
  const period = { end: part.requiredInteger("end"), start: part.requiredInteger("start") };
  part.finish();
  return period;
}
