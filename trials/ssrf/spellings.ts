// The many ways in which an address that must not be called can be written, hidden behind a name, or come to by a redirect.

export interface Spelling {
  readonly kind: string;
  /** The address as people might configure it. */
  readonly url: string;
  /** What the names in it are said to be, one list for each time it is asked; the last stays. */
  readonly answers?: readonly (readonly string[])[];
  /** It is not called itself: an allowed address redirects here, with this status. */
  readonly redirect?: number;
}

/** A public address that nobody answers at; used only in lists with a private one, so that nothing is ever sent there. */
const PUBLIC = "93.184.215.14";

const FORBIDDEN_4 = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "100.100.100.200",
  "169.254.169.254",
  "172.16.0.1",
  "192.0.0.192",
  "192.168.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
] as const;

const FORBIDDEN_6 = [
  "::1",
  "::",
  "0:0:0:0:0:0:0:1",
  "0000:0000:0000:0000:0000:0000:0000:0001",
  "::0001",
  "0::1",
  "fe80::1",
  "fe80::1%lo",
  "fe80::1%25lo",
  "::1%25lo",
  "febf::1",
  "fec0::1",
  "fc00::1",
  "fd00:ec2::254",
  "fdff:ffff::1",
  "ff02::1",
  "ff0e::1",
  "2001:db8::1",
  "3fff::1",
  "100::1",
  "2001::1",
  "2001:10::1",
  "5f00::1",
] as const;

export function spellings(port: number): readonly Spelling[] {
  return [
    ...FORBIDDEN_4.flatMap((address) => ofVersion4(address, port)),
    ...FORBIDDEN_6.flatMap((address) => urls("version 6", `[${address}]`, port)),
    ...names(port),
    ...resolved(port),
    ...redirects(port),
  ];
}

/** Those that lead to this machine and nowhere else: with a planted fault they are really called. */
export function loopbackSpellings(port: number): readonly Spelling[] {
  return [
    ...ofVersion4("127.0.0.1", port).filter(({ kind }) => !LEADS_OUT.has(kind)),
    ...urls("version 6", "[::1]", port),
    ...names(port).filter(({ kind, answers }) => kind === "local name" || answers?.flat().every(isLoopback) === true),
  ];
}

/** Addresses of tunnels and translators: a machine that has one would send there. */
const LEADS_OUT: ReadonlySet<string> = new Set([
  "NAT64",
  "NAT64, local",
  "6to4",
  "Teredo",
  "ISATAP",
  "translated",
  "compatible",
]);

function isLoopback(address: string): boolean {
  return address === "127.0.0.1" || address === "::1" || address === "::ffff:127.0.0.1";
}

function urls(kind: string, host: string, port: number): readonly Spelling[] {
  return [{ kind, url: `http://${host}:${port}/` }];
}

function ofVersion4(address: string, port: number): readonly Spelling[] {
  const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number, width = 2): string => value.toString(16).padStart(width, "0");
  const high = `${hex(a)}${hex(b)}`;
  const low = `${hex(c)}${hex(d)}`;
  const hosts: readonly (readonly [string, string])[] = [
    ["dotted", address],
    ["decimal", String(whole)],
    ["hexadecimal", `0x${hex(whole, 8)}`],
    ["hexadecimal, capital", `0X${hex(whole, 8).toUpperCase()}`],
    ["hexadecimal, padded", `0x0000000000${hex(whole, 8)}`],
    ["octal", `0${whole.toString(8)}`],
    ["octal, padded", `000000${whole.toString(8)}`],
    ["hexadecimal parts", [a, b, c, d].map((part) => `0x${hex(part)}`).join(".")],
    ["octal parts", [a, b, c, d].map((part) => `0${part.toString(8)}`).join(".")],
    ["octal parts, padded", [a, b, c, d].map((part) => `000${part.toString(8)}`).join(".")],
    ["mixed parts", `0x${hex(a)}.${b}.0${c.toString(8)}.${d}`],
    ["three parts", `${a}.${b}.${c * 256 + d}`],
    ["two parts", `${a}.${(b * 256 + c) * 256 + d}`],
    ["trailing dot", `${address}.`],
    ["full-width digits", address.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
    ["ideographic dots", address.replaceAll(".", "。")],
    ["half-width dots", address.replaceAll(".", "｡")],
    ["full-width dots", address.replaceAll(".", "．")],
    ["bold digits", address.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit)))],
    [
      "percent-encoded",
      address
        .split("")
        .map((char) => `%${hex(char.charCodeAt(0))}`)
        .join(""),
    ],
    ["soft hyphen", `${address.slice(0, 1)}\u00ad${address.slice(1)}`],
    ["zero width", `${address}\u200b`],
    ["mapped", `[::ffff:${address}]`],
    ["mapped, hexadecimal", `[::ffff:${high}:${low}]`],
    ["mapped, long", `[0:0:0:0:0:ffff:${high}:${low}]`],
    ["compatible", `[::${address}]`],
    ["translated", `[::ffff:0:${high}:${low}]`],
    ["NAT64", `[64:ff9b::${address}]`],
    ["NAT64, local", `[64:ff9b:1::${high}:${low}]`],
    ["6to4", `[2002:${high}:${low}::1]`],
    ["Teredo", `[2001:0:${high}:${low}::1]`],
    ["ISATAP", `[2606:4700::5efe:${address}]`],
    ["user", `api.example@${address}`],
    ["user and password", `api.example:443@${address}`],
    ["encoded user", `api.example%2f@${address}`],
  ];
  const odd: readonly (readonly [string, string])[] = [
    ["backslashes", `http:\\\\${address}:${port}\\`],
    ["no slashes", `http:${address}:${port}`],
    ["many slashes", `http:////${address}:${port}/`],
    ["tab within", `http://${address.slice(0, 2)}\t${address.slice(2)}:${port}/`],
    ["line end within", `ht\ntp://${address}:${port}/`],
    ["space before", ` http://${address}:${port}/`],
    ["capital scheme", `HTTP://${address}:${port}/`],
    ["with TLS", `https://${address}:${port}/`],
    ["default port", `http://${address}/`],
    ["padded port", `http://${address}:000${port}/`],
    ["fragment before", `http://${address}:${port}#@api.example/`],
    ["backslash and user", `http://${address}:${port}\\@api.example/`],
  ];
  return [...hosts.flatMap(([kind, host]) => urls(kind, host, port)), ...odd.map(([kind, url]) => ({ kind, url }))];
}

/** Names that mean this machine by themselves, and those that a resolver says are private. */
function names(port: number): readonly Spelling[] {
  const local = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "a.b.localhost.",
    "ｌocalhost",
    "ⓛocalhost",
    "local\u00adhost",
  ];
  const said: readonly (readonly [string, string])[] = [
    ["127.0.0.1.nip.example", "127.0.0.1"],
    ["localtest.example", "::1"],
    ["metadata.google.internal", "169.254.169.254"],
    ["printer.local", "192.168.0.9"],
    ["xn--mller-kva.example", "10.0.0.5"],
    ["müller.example", "10.0.0.5"],
    [`${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example`, "127.0.0.1"],
    [`${"long.".repeat(48)}example`, "127.0.0.1"],
    ["under_score.example", "172.31.0.1"],
    ["UPPER.EXAMPLE", "127.0.0.1"],
    ["dotted.example.", "127.0.0.1"],
    ["mapped.example", "::ffff:127.0.0.1"],
    ["nat64.example", "64:ff9b::7f00:1"],
    ["six-to-four.example", "2002:7f00:1::1"],
    ["teredo.example", "2001:0:7f00:1::1"],
    ["zone.example", "fe80::1%lo"],
    ["any.example", "0.0.0.0"],
    ["any6.example", "::"],
    ["shared.example", "100.64.1.1"],
    ["unique.example", "fd00::1"],
  ];
  return [
    ...local.flatMap((name) => urls("local name", name, port)),
    ...said.map(([name, address]) => ({ kind: "name", url: `http://${name}:${port}/`, answers: [[address]] })),
  ];
}

/** Answers that change between the check and the use, and lists of many in which one is private. */
function resolved(port: number): readonly Spelling[] {
  const privates = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1"];
  const flips = privates.flatMap((address, index) => [
    { kind: "flip", url: `http://flip-a-${index}.example:${port}/`, answers: [[PUBLIC, address], [address]] },
    { kind: "flip", url: `http://flip-b-${index}.example:${port}/`, answers: [[address], [PUBLIC]] },
    { kind: "flip", url: `http://flip-c-${index}.example:${port}/`, answers: [[], [address]] },
  ]);
  const many = privates.flatMap((address, index) =>
    [0, 5, 19].map((place) => {
      const list = Array.from({ length: 20 }, (_, at) => (at === place ? address : `93.184.215.${at + 1}`));
      return { kind: "many addresses", url: `http://many-${index}-${place}.example:${port}/`, answers: [list] };
    }),
  );
  return [...flips, ...many];
}

/** An allowed address sends on to one that is not. */
function redirects(port: number): readonly Spelling[] {
  const to = [
    `http://127.0.0.1:${port}/`,
    `//127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://[::1]:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://169.254.169.254/latest/meta-data/`,
    `\\\\127.0.0.1:${port}\\`,
    `http://localhost:${port}/`,
  ];
  return [301, 302, 303, 307, 308].flatMap((redirect) => to.map((url) => ({ kind: "redirect", url, redirect })));
}
