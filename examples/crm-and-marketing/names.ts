// People and places as two systems full of them have them: many scripts, letters that are written in two ways, and names that
// break careless code.

interface Names {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

export const NAMES: readonly Names[] = [
  {
    first: ["Grace", "Oliver", "Aoife", "Mary-Ann", "Kwame", "Ngozi", "Tariq", "Jean Paul"],
    last: ["O'Neill", "Okafor", "Smith", "de la Cruz", "MacLeod", "Null", "True", "Nakamura-Jones"],
  },
  { first: ["Chloé", "Gaël", "Noémie", "Loïc"], last: ["Lemaître", "Béraud", "d’Ornano", "Gœury"] },
  { first: ["Jörg", "Bärbel", "Götz", "Ümit"], last: ["Weiß", "Größl", "Yıldırım", "zu Höhn"] },
  { first: ["Zuzana", "Wojciech", "Élise", "Søren"], last: ["Kovaříková", "Łęcki", "Žák", "Ørsted"] },
  { first: ["Дарья", "Андрій", "Ђурђа"], last: ["Воробьёва", "Їжакевич", "Ћирић"] },
  { first: ["Αθηνά", "Ίων"], last: ["Παπαϊωάννου", "Ξενάκης"] },
  { first: ["سارة", "عبد الرحمن"], last: ["الخطيب", "بن علي"] },
  { first: ["תמר", "אורי"], last: ["בן־עמי", "שפירא"] },
  { first: ["小芳", "建國"], last: ["歐陽", "陳"] },
  { first: ["はるか", "ジロー"], last: ["髙田", "渡邊"] },
  { first: ["하늘", "지민"], last: ["남궁", "최"] },
  { first: ["अनन्या", "கவிதா"], last: ["चतुर्वेदी", "முருகன்"] },
  { first: ["ณัฐ", "Thị Hồng"], last: ["แสงทอง", "Nguyễn"] },
  { first: ["Zoë 🌻", "A"], last: ["🐝 Beekeeper", "B"] },
];

export const TITLES = ["CEO", "Head of Sales", "Buyer", "CTO", "Chef de produit", "部長", "Geschäftsführerin", "Owner"];

export const PLACES: readonly {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
}[] = [
  { street: "Ulica Długa", city: "Gdańsk", state: "", postalCode: "80-831", country: "Poland" },
  { street: "Rua Áurea", city: "Lisboa", state: "", postalCode: "1100-060", country: "Portugal" },
  { street: "Main Street", city: "Springfield", state: "IL", postalCode: "62701", country: "United States" },
  { street: "Große Bleichen", city: "Hamburg", state: "", postalCode: "20354", country: "Germany" },
  { street: "Queen Street, Level 3", city: "Auckland", state: "", postalCode: "1010", country: "New Zealand" },
  { street: "四条通", city: "京都市", state: "京都府", postalCode: "600-8001", country: "Japan" },
];

/** Calling codes, with how many digits follow. */
export const CALLING = [
  { code: "1", digits: 10 },
  { code: "44", digits: 10 },
  { code: "48", digits: 9 },
  { code: "49", digits: 10 },
  { code: "81", digits: 10 },
] as const;
