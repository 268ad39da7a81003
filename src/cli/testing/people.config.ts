// A project for tests of the command line: two systems that know the same people, and may both be edited.
import { defineConfig, env } from "../../index.ts";
import { peopleConnector } from "../../testing/small-people.ts";
import { peopleSync } from "../../testing/two-way-world.ts";

const crm = peopleConnector("crm").connect("crm", { token: "1", webhookSecret: "for tests", url: env("CRM_URL") });
const marketing = peopleConnector("marketing").connect("marketing", {
  token: "1",
  webhookSecret: "for tests",
  url: env("MARKETING_URL"),
});

export default defineConfig({
  name: "people",
  connections: [crm, marketing],
  syncs: [
    peopleSync(
      { crm: crm.people, marketing: marketing.people },
      {
        fields: [
          { crm: "email", marketing: "email" },
          { crm: "name", marketing: "name" },
          { crm: "phone", marketing: "phone", wins: "park" },
        ],
      },
    ),
  ],
  data: "state/bowline.db",
  port: 0,
  network: { privateAddresses: ["loopback"] },
});
