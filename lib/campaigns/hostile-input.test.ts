import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { makeDraft, makeList, makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { saveDraft } from "./drafts.ts";
import { getCampaign } from "./find.ts";
import { createCampaignInput, draftPatch, launchInput, saveDraftInput, testSendInput } from "./input.ts";
import { launch } from "./launch.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;
let listId: string;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
  mine = await makeWorkspace(pool);
  listId = await makeList(pool, mine, 1);
});
afterAll(() => database.close());

const headerFields = ["name", "subject", "preheader", "fromName", "fromEmail", "replyTo"] as const;
const injections = [
  "x\r\nBcc: victim@example.com",
  "x\nBcc: victim@example.com",
  "x\rBcc: victim@example.com",
  "x\0y",
  "x\u0085Bcc: a",
  "x\u2028Bcc: a",
  "x\u2029Bcc: a",
  "x\u001b[31m",
  "x\ty",
];

test.each(headerFields)(
  "no text of the field %s can start a header of its own: it is refused with the reason",
  (field) => {
    for (const text of injections) {
      const read = draftPatch.safeParse({ [field]: text });
      expect(read.error?.issues.map(({ path, message }) => [path, message])).toEqual([[[field], "control_characters"]]);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const read = draftPatch.safeParse({ [field]: text });
        if (read.success) expect(/[\r\n\0\u0085\u2028\u2029]/.test(String(read.data[field]))).toBe(false);
      }),
    );
  },
);

test("the name a campaign begins with takes no line break either", () => {
  const from = { kind: "starter", starterId: "letter" };
  expect(createCampaignInput.safeParse({ name: "a\r\nb", from }).success).toBe(false);
});

const notOneAddress = [
  "a@example.com, b@example.com",
  "a@example.com,b@example.com",
  "a@example.com;b@example.com",
  "Friends: a@example.com, b@example.com;",
  "undisclosed-recipients:;",
  "Ann <ann@example.com>",
  "<ann@example.com>",
  "ann@example.com (Ann)",
  '"ann, bob"@example.com',
  "ann@[192.0.2.1]",
  "ann@localhost",
  "ann@example.com@example.org",
  "ann example@example.com",
  "ann@exam ple.com",
  "ann@example.com>",
  "@example.com",
  "ann@",
  `${"a".repeat(65)}@example.com`,
  `a@${"b".repeat(64)}.com`,
  `a@${"b.".repeat(120)}com.example.org`,
];

test.each(notOneAddress)(
  "%j as From is kept in the draft, said by the review and refused at the launch",
  async (text) => {
    const draft = await makeDraft(db, mine, listId, { fromEmail: text });
    expect((await getCampaign(db, mine, draft.id)).fromEmail).toBe(text);
    const go = {
      ...{ campaignId: draft.id, version: draft.version },
      when: { kind: "now" },
      acceptPlainHttp: true,
    } as const;
    await expect(launch(db, mine, go)).rejects.toMatchObject({ code: "campaign.from_invalid", detail: { from: text } });
  },
);

test.each(notOneAddress)("%j as the address for answers is refused at the launch", async (replyTo) => {
  const draft = await makeDraft(db, mine, listId, { replyTo });
  const go = {
    ...{ campaignId: draft.id, version: draft.version },
    when: { kind: "now" },
    acceptPlainHttp: true,
  } as const;
  expect(await refusalCode(launch(db, mine, go))).toBe("campaign.reply_to_invalid");
});

test("an address with 800 octets before the @ is refused at the door, in every field that takes one", () => {
  const long = `${"a".repeat(800)}@example.com`;
  for (const field of ["fromEmail", "replyTo"])
    expect(draftPatch.safeParse({ [field]: long }).error?.issues.map(({ message }) => message)).toEqual(["too_long"]);
  const id = "01990000-0000-7000-8000-000000000000";
  expect(testSendInput.safeParse({ campaignId: id, to: [long], subscriberId: null }).success).toBe(false);
});

test("what is not in the form is refused: nobody sets a state, an owner or a number by the way", async () => {
  for (const extra of ["status", "launchAt", "canaryUntil", "overruled", "workspaceId", "senderIds", "frozenCount"]) {
    expect(draftPatch.safeParse({ name: "x", [extra]: "x" }).success).toBe(false);
    expect(saveDraftInput.safeParse({ campaignId: listId, version: 1, patch: {}, [extra]: 1 }).success).toBe(false);
  }
  expect(
    launchInput.safeParse({ campaignId: listId, version: 1, when: { kind: "now" }, overruled: ["hard"] }).success,
  ).toBe(false);
});

test.each([
  ["tomorrow"],
  ["2026-13-01T00:00:00Z"],
  ["2026-05-01"],
  ["2026-05-01T10:00"],
  ["2026-05-01T10:00:00+02:00\r\nx"],
  [1_790_000_000],
  [""],
])("%j is no end of a campaign", (endsAt) => {
  expect(draftPatch.safeParse({ endsAt }).success).toBe(false);
});

test("an end is kept to the second and taken off again", async () => {
  const { id, version } = await makeDraft(db, mine, listId, { endsAt: "2027-05-01T08:00:00Z" });
  expect((await getCampaign(db, mine, id)).endsAt?.toISOString()).toBe("2027-05-01T08:00:00.000Z");
  await saveDraft(db, mine, { campaignId: id, version, patch: { name: "x" } });
  expect((await getCampaign(db, mine, id)).endsAt).not.toBeNull();
  await saveDraft(db, mine, { campaignId: id, version: version + 1, patch: { endsAt: null, canary: null } });
  expect(await getCampaign(db, mine, id)).toMatchObject({ endsAt: null, canaryCount: null, canaryMinutes: null });
});
