import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { createXeroSimulator, type XeroSimulator, type XeroSimulatorSettings } from "./simulator.ts";
import { TENANT, UNLIMITED } from "./test-api.ts";

interface World {
  readonly clock: VirtualClock;
  readonly simulator: XeroSimulator;
  call(method: string, path: string, options?: { body?: object; headers?: Record<string, string> }): Promise<Response>;
}

function setup(settings: Partial<XeroSimulatorSettings> = {}): World {
  const clock = new VirtualClock();
  const simulator = createXeroSimulator({
    clock,
    random: new SeededRandom(11),
    tenantId: TENANT,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "first",
    webhookKey: "key",
    settings: { ...UNLIMITED, ...settings },
  });
  const authorization = `Bearer ${simulator.accessToken()}`;
  const common = { authorization, accept: "application/json", "xero-tenant-id": TENANT };
  return {
    clock,
    simulator,
    call: (method, path, { body, headers = {} } = {}) =>
      simulator.fetch(
        new Request(`http://xero.test/api.xro/2.0/${path}`, {
          method,
          headers: { ...common, ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
  };
}

type Bodies = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
const bodyOf = async (answer: Promise<Response>): Promise<Bodies> => (await (await answer).json()) as Bodies;

function token({ simulator }: World, form: Record<string, string>, secret = "secret"): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`client:${secret}`).toString("base64")}`;
  const body = new URLSearchParams(form);
  return simulator.fetch(
    new Request("http://xero.test/connect/token", { method: "POST", headers: { authorization }, body }),
  );
}
const refresh = (world: World, refresh_token: string): Promise<Response> =>
  token(world, { grant_type: "refresh_token", refresh_token });
const refreshTokenOf = async (answer: Response): Promise<string> =>
  String(((await answer.json()) as Record<string, unknown>)["refresh_token"]);

test("a superseded refresh token works for half an hour, and an unused one for sixty days", async () => {
  const world = setup();
  const second = await refreshTokenOf(await refresh(world, "first"));
  const third = await refreshTokenOf(await refresh(world, "first"));
  assert.equal(new Set(["first", second, third]).size, 3);
  await world.clock.advance(30 * 60_000);
  assert.equal((await refresh(world, "first")).status, 400);
  await world.clock.advance(60 * 86_400_000);
  assert.equal((await refresh(world, third)).status, 400);
  assert.equal(world.simulator.truth.refreshTokensPresentedTwice, 2);
});

test("a code is good once, for five minutes, at its own address and with its own verifier", async () => {
  const world = setup();
  const agree = async (challenge = ""): Promise<string> => {
    const url = `http://xero.test/identity/connect/authorize?redirect_uri=http://localhost/cb&scope=offline_access&code_challenge=${challenge}`;
    const page = await world.simulator.fetch(new Request(challenge === "" ? url.replace("&code_challenge=", "") : url));
    return new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
  };
  const exchange = async (code: string, more: Record<string, string> = {}): Promise<number> =>
    (await token(world, { grant_type: "authorization_code", code, redirect_uri: "http://localhost/cb", ...more }))
      .status;
  const code = await agree();
  assert.deepEqual([await exchange(code), await exchange(code)], [200, 400]);
  assert.equal(await exchange(await agree(), { redirect_uri: "http://evil.test/" }), 400);
  assert.equal(await exchange(await agree("abc"), { code_verifier: "wrong" }), 400);
  const late = await agree();
  await world.clock.advance(300_000);
  assert.equal(await exchange(late), 400);
  assert.equal((await token(world, { grant_type: "client_credentials" }, "wrong")).status, 400);
  assert.equal((await token(world, { grant_type: "client_credentials" })).status, 200);
});

test("calls at the same time are limited, without a word on when to come again", async () => {
  const world = setup({ callsAtOnce: 2, latencyMs: 100 });
  const calls = [1, 2, 3].map(() => world.call("GET", "Organisation"));
  await world.clock.advance(100);
  const answers = await Promise.all(calls);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 429],
  );
  assert.deepEqual(
    [answers[2]?.headers.get("x-rate-limit-problem"), answers[2]?.headers.get("retry-after")],
    ["concurrent", null],
  );
});

test("windows begin at their own times: what is left is told, and full again after the minute", async () => {
  const world = setup({ callsPerMinute: 2 });
  const left: (string | null)[] = [];
  for (const pauseMs of [0, 30_000, 29_999, 1]) {
    await world.clock.advance(pauseMs);
    left.push((await world.call("GET", "Organisation")).headers.get("x-minlimit-remaining"));
  }
  assert.deepEqual(left, ["1", "0", "0", "1"]);
  assert.deepEqual(world.simulator.truth.limits.windowsOverLimit, 1);
});

test("filters join comparisons of texts, ids, numbers and days, and say what they cannot read", async () => {
  const world = setup();
  const { person } = world.simulator;
  const sale = (Reference: string, UnitAmount: string): void =>
    void person.create("Invoices", {
      Type: "ACCREC",
      Contact: { Name: "Amy" },
      Reference,
      LineItems: [{ UnitAmount }],
    });
  sale("A", "10.00");
  sale("B", "20.00");
  const [amy] = world.simulator.truth.contacts.keys();
  const found = async (where: string): Promise<string> => {
    const answer = await world.call("GET", `Invoices?where=${encodeURIComponent(where)}`);
    if (answer.status !== 200) return ((await answer.json()) as { Message: string }).Message;
    return ((await answer.json()) as Bodies)
      ["Invoices"]!.map((one) => String(one["Reference"]))
      .toSorted()
      .join("");
  };
  assert.equal(await found('Reference=="a"'), "A");
  assert.equal(await found(`Contact.ContactID==Guid("${amy}") AND (Total > 15 OR Reference.StartsWith("A"))`), "AB");
  assert.equal(await found("Total <= 10.00 && Date = DateTime(2026, 8, 20)"), "A");
  assert.equal(await found("Date < DateTime(2026, 8, 20) || SentToContact == true"), "");
  assert.equal(await found("DueDate == null"), "AB");
  assert.match(await found(`InvoiceID=="${[...world.simulator.truth.invoices.keys()][0]}"`), /incompatible/);
  for (const wrong of ["Total >", 'Name=="a"b"', "(Total > 1", "Total ~ 1", '"A"==Reference']) {
    assert.match(await found(wrong), /Syntax error|expected/, wrong);
  }
});

test("tax is reckoned line by line, on top, within, or not at all", async () => {
  const world = setup();
  const sums = (LineAmountTypes: string): readonly unknown[] => {
    const line = { UnitAmount: "0.33", TaxType: "OUTPUT2" };
    const Contact = { Name: "Amy" };
    const sale = { Type: "ACCREC", Contact, LineAmountTypes, LineItems: [line, line, line] };
    const { SubTotal, TotalTax, Total } = world.simulator.person.create("Invoices", sale);
    return [SubTotal, TotalTax, Total];
  };
  assert.deepEqual(sums("Exclusive"), ["0.99", "0.15", "1.14"]);
  assert.deepEqual(sums("Inclusive"), ["0.87", "0.12", "0.99"]);
  assert.deepEqual(sums("NoTax"), ["0.99", "0", "0.99"]);
});

test("a sale makes its contact a customer, and the contact's time stays as it was", async () => {
  const world = setup();
  const { person, truth } = world.simulator;
  const id = String(person.create("Contacts", { Name: "Amy" })["ContactID"]);
  const before = truth.contacts.get(id)?.updatedAt;
  await world.clock.advance(5_000);
  person.create("Invoices", { Type: "ACCREC", Contact: { ContactID: id }, LineItems: [{ Description: "x" }] });
  assert.deepEqual([truth.contacts.get(id)?.body["IsCustomer"], truth.contacts.get(id)?.updatedAt], [true, before]);
  const { Contacts } = await bodyOf(world.call("GET", `Contacts/${id}`));
  assert.ok(Contacts?.[0]?.["Balances"]);
});

test("an invoice that names an unknown contact makes it; a voided sale's number is free again", async () => {
  const world = setup();
  const { person, truth } = world.simulator;
  const sale = {
    Type: "ACCREC",
    Contact: { Name: "New" },
    InvoiceNumber: "7",
    Status: "AUTHORISED",
    DueDate: "2026-09-01",
    LineItems: [{ UnitAmount: "1.00", AccountCode: "200" }],
  };
  const first = person.create("Invoices", sale);
  assert.throws(() => person.create("Invoices", sale), /must be unique/);
  person.void(String(first["InvoiceID"]));
  person.create("Invoices", sale);
  assert.deepEqual([truth.contacts.size, truth.duplicates("Invoices", "InvoiceNumber")], [1, 0]);
});

test("what is not JSON, holds nothing or is nowhere is refused as such", async () => {
  const world = setup();
  for (const body of [{}, { Contacts: [] }]) assert.equal((await world.call("PUT", "Contacts", { body })).status, 400);
  for (const path of ["Nonsense", "Contacts/1/2", "Invoices/unknown"]) {
    assert.equal((await world.call("GET", path)).status, 404, path);
  }
  const since = { "if-modified-since": "yesterday" };
  assert.equal((await world.call("GET", "Contacts", { headers: since })).status, 400);
});
