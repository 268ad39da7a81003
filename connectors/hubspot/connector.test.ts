import assert from "node:assert/strict";
import { test } from "node:test";
import type { OAuth2 } from "../../src/define/auth.ts";
import { defineSync } from "../../src/define/define-sync.ts";
import { hubspot } from "./connector.ts";
import type { HubSpotSettings } from "./settings.ts";
import { failure, PORTAL, setup, TOKEN } from "./test-api.ts";

const OAUTH: HubSpotSettings = { clientId: "client", clientSecret: "secret" };

const authOf = (settings: HubSpotSettings) =>
  typeof hubspot.auth === "function" ? hubspot.auth(settings) : hubspot.auth;

test("a token signs in alone, an app with OAuth; settings that can do neither are refused", async () => {
  assert.equal(authOf({ accessToken: TOKEN }).kind, "header");
  assert.equal(authOf(OAUTH).kind, "oauth2");
  for (const [settings, fits] of [
    [{ accessToken: TOKEN }, true],
    [OAUTH, true],
    [{ clientId: "client" }, false],
    [{}, false],
    [{ ...OAUTH, portal: "1" }, false],
    [{ ...OAUTH, portalId: "x" }, false],
  ] as const) {
    const { issues } = await hubspot.settings["~standard"].validate(settings);
    assert.equal(issues === undefined, fits, JSON.stringify(settings));
  }
});

test("an app asks for consent where the account's data is, and for tokens at the version's own address", () => {
  const auth = authOf(OAUTH) as OAuth2;
  assert.equal(auth.tokenUrl({}), "https://api.hubapi.com/oauth/2026-09/token");
  assert.equal(auth.revokeUrl!({}), "https://api.hubapi.com/oauth/2026-09/token/revoke");
  assert.equal(auth.authorize!.url({}), "https://app.hubspot.com/oauth/authorize");
  assert.equal(auth.authorize!.url({ region: "eu1" }), "https://app-eu1.hubspot.com/oauth/authorize");
  assert.equal(auth.authorize!.url({ baseUrl: "http://127.0.0.1:1/" }), "http://127.0.0.1:1/oauth/authorize");
  assert.deepEqual(auth.authorize!.tells!({ callback: {}, token: { hub_id: 49547190 } }), { portalId: PORTAL });
  const scopes = typeof auth.scopes === "function" ? auth.scopes({ scopes: ["oauth"] }) : [];
  assert.deepEqual(scopes, ["oauth"]);
});

test("the account tells its id, and whether anything in it is real", async () => {
  for (const [accountType, sandbox] of [
    ["STANDARD", false],
    ["SANDBOX", true],
    ["DEVELOPER_TEST", true],
  ] as const) {
    await using world = await setup({ settings: { accountType } });
    assert.deepEqual(await hubspot.about!(world.api), { id: PORTAL, name: `app.hubspot.com ${PORTAL}`, sandbox });
  }
  await using world = await setup();
  world.simulator.tokens.replacePrivateAppToken("other");
  assert.equal((await failure(hubspot.about!(world.api))).kind, "reauthorize");
});

test("an expired OAuth token asks for another one, and says when it ended", async () => {
  await using world = await setup({ privateAppToken: undefined as never });
  await world.clock.advance(30 * 60_000 + 7_000);
  const outcome = await failure(hubspot.about!(world.api));
  assert.deepEqual([outcome.kind, outcome.code], ["reauthorize", "EXPIRED_AUTHENTICATION"]);
  assert.match(outcome.reason!, /expired 7 second/);
});

const crm = hubspot.connect("crm", { accessToken: TOKEN });

test("people map an account's own properties, and lists of what a record belongs to", () => {
  const companies = defineSync({
    name: "companies",
    purpose: "For the test.",
    from: crm.companies,
    to: crm.companies,
    freshWithin: "5m",
    onDelete: "archive",
    map: ({ field }) => ({
      name: field((company) => company.properties.name).orPark("it has no name"),
    }),
  });
  const sync = defineSync({
    name: "contacts-to-deals",
    purpose: "For the test.",
    from: crm.contacts,
    to: crm.deals,
    freshWithin: "5m",
    onDelete: "archive",
    map: ({ field, constant, object, one, each, link }) => ({
      dealname: field((contact) => contact.properties.lastname).orPark("it has no name"),
      dealstage: constant("closedwon"),
      amount: field((contact) => contact.properties["last_order_value"]).orOmit(),
      contacts: one({ id: field((contact) => contact.id) }),
      companies: each(
        (contact) => contact.associations?.companies?.results ?? [],
        ({ link: linkOf }) => ({ id: linkOf(companies, (company) => company.id) }),
      ),
      custom: object({ erp_number: field((contact) => contact.properties["erp_number"]).orOmit() }),
      pipeline: link(companies, () => null).orOmit(),
    }),
  });
  const record = {
    id: "12",
    properties: { lastname: "Birds", last_order_value: "19.90", erp_number: "7" },
    createdAt: "2026-08-20T12:00:00.000Z",
    updatedAt: "2026-08-20T12:00:00.000Z",
    archived: false,
    associations: { companies: { results: [{ id: "5" }] } },
  };
  assert.deepEqual(
    sync.mapping.apply(record, () => "77", undefined),
    {
      kind: "mapped",
      fields: {
        dealname: "Birds",
        dealstage: "closedwon",
        amount: "19.90",
        contacts: [{ id: "12" }],
        companies: [{ id: "77" }],
        custom: { erp_number: "7" },
      },
    },
  );
});
