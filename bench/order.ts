// The order that all three works move: about 1.5 KB of JSON, one text but for its number and its amount, so that a program
// in C and one in TypeScript make the very same bytes from one template.

export interface OrderLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly price: string;
  readonly taxable: boolean;
}

export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
  readonly phone: string;
}

export interface Order {
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
  readonly createdAt: string;
  readonly processedAt: string;
  readonly currency: string;
  readonly financialStatus: string;
  readonly totalPrice: string;
  readonly totalTax: string;
  readonly customer: {
    readonly id: string;
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
  };
  readonly billingAddress: Address;
  readonly shippingAddress: Address;
  readonly shippingMethod: string;
  readonly lineItems: readonly OrderLine[];
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly gateway: string;
  readonly landingPage: string;
  readonly cancelReason: string | null;
  readonly clientDetails: string;
}

const NUMBER = "\u25a0".repeat(7);
const AMOUNT = "\u25a1".repeat(3);

const address: Address = {
  name: `Buyer ${NUMBER}`,
  street: "1200 Harbour Street, Floor 4",
  city: "Portsmouth",
  postalCode: "03801",
  country: "US",
  phone: "+1 603 555 0142",
};

const line = (sku: string, title: string, quantity: number, price: string): OrderLine => ({
  sku,
  title,
  quantity,
  price,
  taxable: true,
});

const sample: Order = {
  id: `order-${NUMBER}`,
  name: `#${NUMBER}`,
  updatedAt: "2026-11-02T08:30:00Z",
  createdAt: "2026-11-02T08:15:00Z",
  processedAt: "2026-11-02T08:15:07Z",
  currency: "USD",
  financialStatus: "paid",
  totalPrice: `${AMOUNT}.00`,
  totalTax: "12.40",
  customer: { id: `customer-${NUMBER}`, email: `buyer${NUMBER}@shop.example`, firstName: "Buyer", lastName: NUMBER },
  billingAddress: address,
  shippingAddress: address,
  shippingMethod: "Standard, 3 to 5 working days",
  lineItems: [
    line("ROPE-12-WHT-030", "Three-strand mooring rope, 12 mm, white, 30 m", 1, `${AMOUNT}.00`),
    line("SHKL-08-A4", "Bow shackle, stainless A4, 8 mm", 4, "6.20"),
    line("FNDR-F3-NVY", "Inflatable fender F3 with eyelets, navy blue", 2, "41.90"),
  ],
  note: "Please ring at the gate; the berth is behind the old fish market.",
  tags: ["newsletter", "returning", "marine"],
  gateway: "card",
  landingPage: "/collections/mooring?sort=price-ascending&utm_source=newsletter&utm_campaign=autumn",
  cancelReason: null,
  clientDetails: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
};

/** The order's text with byte 1 where a digit of its number goes and byte 2 where a digit of its amount goes. */
export function orderTemplate(): string {
  return JSON.stringify(sample).replaceAll("\u25a0", "\u0001").replaceAll("\u25a1", "\u0002");
}

/** The sample in pieces: text, or a place for the number or the amount. */
const pieces = JSON.stringify(sample).split(/(\u25a0+|\u25a1+)/);

/** One order's text: the same bytes that the programs in C make. */
export function orderText(number: number): string {
  const digits = String(number).padStart(NUMBER.length, "0");
  const amount = String(((number * 7919) % 900) + 100);
  let text = "";
  for (const piece of pieces) {
    if (piece === NUMBER) text += digits;
    else if (piece === AMOUNT) text += amount;
    else text += piece;
  }
  return text;
}
