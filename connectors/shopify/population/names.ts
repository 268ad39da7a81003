// People and places as they are found in a shop's data: many scripts, and everything that breaks careless code.

export interface Person {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly locale: string;
}

type Names = { readonly locale: string; readonly first: readonly string[]; readonly last: readonly string[] };

export const NAMES: readonly Names[] = [
  {
    locale: "en",
    first: ["James", "Olivia", "Liam", "Emma", "Noah", "Ava", "Mary-Jane", "Siobhán", "Dwayne", "Beatrix"],
    last: [
      "Smith",
      "O’Connor",
      "O'Brien",
      "Johnson",
      "van der Berg",
      "MacDonald",
      "Smith-Jones",
      "Null",
      "Test",
      "Lee",
    ],
  },
  {
    locale: "fr",
    first: ["Zoë", "François", "Hélène", "Benoît", "Anaïs", "Jérôme", "Maëlle"],
    last: ["Lefèvre", "Ångström", "D’Août", "Béranger", "Çelik", "Noël", "Œuvrard"],
  },
  {
    locale: "de",
    first: ["Jürgen", "Änne", "Björn", "Käthe", "Günther", "Sören"],
    last: ["Müller", "Groß", "Weiß", "von der Grün", "Straßburger", "Öztürk"],
  },
  {
    locale: "pl",
    first: ["Łukasz", "Małgorzata", "Żaneta", "Święcisław", "Jiří", "Šárka", "Ñusta", "Đorđe"],
    last: ["Brzęczyszczykiewicz", "Wiśniewska", "Dvořák", "Žižek", "Núñez", "Guðmundsdóttir"],
  },
  {
    locale: "ru",
    first: ["Мария", "Алексей", "Ольга", "Сергій", "Ђорђе"],
    last: ["Иванова", "Щукин", "Шевченко", "Ёлкин"],
  },
  { locale: "el", first: ["Ελένη", "Γιώργος", "Χρήστος"], last: ["Παπαδοπούλου", "Νικολαΐδης", "Θεοδωράκης"] },
  { locale: "ar", first: ["محمد", "فاطمة", "عبد الله", "ليلى"], last: ["الحسيني", "بن سعيد", "المصري"] },
  { locale: "he", first: ["נועה", "דוד", "יעל"], last: ["כהן", "לוי", "בן־דוד"] },
  { locale: "zh-CN", first: ["伟", "秀英", "𠮷"], last: ["王", "李", "欧阳"] },
  { locale: "ja", first: ["さくら", "ケンジ", "陽子"], last: ["佐藤", "髙橋", "渡邉"] },
  { locale: "ko", first: ["민준", "서연", "지후"], last: ["김", "이", "박"] },
  { locale: "th", first: ["สมชาย", "กัญญา"], last: ["ศรีสุข", "วงศ์ทอง"] },
  { locale: "hi", first: ["आरव", "प्रिया", "श्रीकान्त"], last: ["शर्मा", "त्रिपाठी"] },
  { locale: "en", first: ["🦄 Sparkle", "Zoe 👩‍👩‍👧", "R2"], last: ["☕️ Bean", "D2 🤖", "🌈"] },
];

export interface Place {
  readonly countryCode: string;
  readonly provinceCode?: string;
  readonly city: string;
  readonly zip: string;
  readonly street: string;
}

export const PLACES: Readonly<Record<"US" | "EU" | "GB", readonly Place[]>> = {
  US: [
    { countryCode: "US", provinceCode: "NY", city: "New York", zip: "10001", street: "W 34th St" },
    { countryCode: "US", provinceCode: "CA", city: "San José", zip: "95112", street: "E Santa Clara St" },
    { countryCode: "US", provinceCode: "TX", city: "Austin", zip: "73301", street: "Congress Ave #4" },
    { countryCode: "US", provinceCode: "MA", city: "Boston", zip: "02108", street: "Beacon St" },
  ],
  EU: [
    { countryCode: "DE", city: "Köln", zip: "50667", street: "Große Straße" },
    { countryCode: "FR", city: "Orléans", zip: "45000", street: "Rue de l’Église" },
    { countryCode: "GR", city: "Αθήνα", zip: "105 57", street: "Οδός Ερμού" },
    { countryCode: "IE", city: "Dún Laoghaire", zip: "A96 X2Y4", street: "Marine Road" },
  ],
  GB: [
    { countryCode: "GB", city: "London", zip: "SW1A 1AA", street: "High Street" },
    { countryCode: "GB", city: "Ynys Môn", zip: "LL61 5UJ", street: "Ffordd Caergybi" },
  ],
};

export type Market = keyof typeof PLACES;

export interface Tax {
  readonly title: string;
  readonly rate: number;
}

/** The taxes of goods and of shipping, for a place. */
export function taxesAt({ countryCode, provinceCode }: Place): {
  readonly goods: readonly Tax[];
  readonly shipping: readonly Tax[];
} {
  const vat = VAT[countryCode];
  if (vat !== undefined) return { goods: [vat], shipping: [vat] };
  const goods = SALES_TAXES[provinceCode ?? ""] ?? [];
  return { goods, shipping: provinceCode === "NY" || provinceCode === "TX" ? goods : [] };
}

const VAT: Readonly<Record<string, Tax>> = {
  DE: { title: "DE MwSt", rate: 0.19 },
  FR: { title: "FR TVA", rate: 0.2 },
  GR: { title: "GR ΦΠΑ", rate: 0.24 },
  IE: { title: "IE VAT", rate: 0.23 },
  GB: { title: "GB VAT", rate: 0.2 },
};

const SALES_TAXES: Readonly<Record<string, readonly Tax[]>> = {
  NY: [
    { title: "New York State Tax", rate: 0.04 },
    { title: "New York City City Tax", rate: 0.045 },
    { title: "Metropolitan Commuter Transportation District", rate: 0.00375 },
  ],
  CA: [
    { title: "California State Tax", rate: 0.0725 },
    { title: "Santa Clara County Tax", rate: 0.02125 },
  ],
  TX: [{ title: "Texas State Tax", rate: 0.0825 }],
  MA: [{ title: "Massachusetts State Tax", rate: 0.0625 }],
};

/** Wares and their makes; a price is in cents of the shop's currency. */
export const WARES: readonly {
  readonly title: string;
  readonly type: string;
  readonly cents: number;
  readonly sizes?: readonly string[];
}[] = [
  { title: "Harbour Tee", type: "Shirts", cents: 2400, sizes: ["S", "M", "L", "XL"] },
  { title: "Sailor’s Jumper", type: "Knitwear", cents: 8900, sizes: ["S", "M", "L"] },
  { title: "Café au lait Mug", type: "Kitchen", cents: 1250 },
  { title: "Rope, 10 m", type: "Chandlery", cents: 1999, sizes: ["6 mm", "8 mm", "12 mm"] },
  { title: "Knot Guide (2nd ed.)", type: "Books", cents: 1495 },
  { title: "Brass Shackle", type: "Chandlery", cents: 333 },
  { title: 'Oilskin "Nordsee"', type: "Jackets", cents: 18950, sizes: ["M", "L", "XL"] },
  { title: "Crème brûlée Torch", type: "Kitchen", cents: 3799 },
  { title: "Enamel Pin ⚓️", type: "Gifts", cents: 499 },
  { title: "Tea Tin <Earl & Grey>", type: "Pantry", cents: 1105 },
  { title: "Lantern", type: "Home", cents: 4550 },
  { title: "Wool Socks 50/50", type: "Knitwear", cents: 1649, sizes: ["36–40", "41–45"] },
  { title: "Sticker", type: "Gifts", cents: 1 },
  { title: "Chart Print 東京", type: "Prints", cents: 3500, sizes: ["A3", "A2"] },
  { title: "Deck Brush", type: "Chandlery", cents: 1789 },
];

export const MAKES = ["Classic", "Navy", "Olive", "Limited"] as const;
