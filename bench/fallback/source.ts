// The fake system that is read, as `native/source.c`, for machines without a C compiler.
import { orderText } from "../order.ts";
import { flagNumber } from "./flags.ts";
import { answer, serve } from "./serve.ts";

const records = flagNumber("--records", 100_000);
const page = flagNumber("--page", 250);

serve((incoming, _body, outgoing) => {
  const from = Number(/cursor=(\d+)/.exec(incoming.url ?? "")?.[1] ?? 0);
  const to = Math.min(from + page, records);
  const orders = Array.from({ length: Math.max(0, to - from) }, (_nothing, at) => orderText(from + at));
  const text = `{"records":[${orders.join(",")}]${to < records ? `,"next":"${to}"` : ""}}`;
  answer(outgoing, 200, Buffer.from(text, "latin1")); // orders are plain ASCII: cheaper than UTF-8
});
