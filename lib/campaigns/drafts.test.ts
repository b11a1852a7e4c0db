import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import {
  makeDraft,
  makeList,
  makeWorkspace,
  refusalCode,
  soundMjml,
  useTestDatabase,
} from "#tests/support/campaign-fixtures.ts";
import { archiveDraft, createCampaign, duplicateCampaign, restoreDraft, saveDraft } from "./drafts.ts";
import { countCampaigns, getCampaign, listCampaigns } from "./find.ts";
import { getTemplate, listTemplates } from "./find-template.ts";
import { draftPatch, pageQuery } from "./input.ts";
import { pruneRevisions } from "./revisions.ts";
import { archiveTemplate, createTemplate, duplicateTemplate, restoreTemplate, saveTemplate } from "./templates.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;
let theirs: Scope;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  mine = await makeWorkspace(pool);
  theirs = await makeWorkspace(pool);
});

const letter = { kind: "starter", starterId: "letter" } as const;
const mjml = (source: string) => ({ kind: "mjml", v: 1, source }) as const;

test("of two autosaves typed over the same version one wins and the other is told", async () => {
  const { id, version } = await makeDraft(db, mine, null);
  const saves = await Promise.allSettled(
    ["one", "two"].map((subject) =>
      saveDraft(db, mine, { campaignId: id, version, patch: { subject, content: mjml(subject) } }),
    ),
  );
  expect(saves.filter((save) => save.status === "fulfilled")).toHaveLength(1);
  const lost = saves.find((save) => save.status === "rejected");
  expect(lost?.reason).toMatchObject({ code: "campaign.version_conflict", detail: { version: version + 1 } });
  const stored = await getCampaign(db, mine, id);
  // Subject and content are of the same save: the loser left nothing behind.
  expect(stored.content.source).toBe(stored.subject);
});

test("an autosave changes only what it names", async () => {
  const listId = await makeList(pool, mine, 1);
  const { id, version } = await makeDraft(db, mine, listId);
  await saveDraft(db, mine, { campaignId: id, version, patch: { replyTo: "half-typed@" } });
  expect(await getCampaign(db, mine, id)).toMatchObject({
    replyTo: "half-typed@",
    subject: "What is new this spring",
    includeListIds: [listId],
    version: version + 1,
  });
});

test("a draft takes no list, sender or template of another workspace", async () => {
  const { id, version } = await makeDraft(db, mine, null);
  const foreignList = await makeList(pool, theirs, 1);
  const save = (patch: Parameters<typeof saveDraft>[2]["patch"]) =>
    refusalCode(saveDraft(db, mine, { campaignId: id, version, patch }));
  expect(await save({ lists: { include: [foreignList], exclude: [] } })).toBe("not_found");
  expect(await save({ lists: { include: [], exclude: [foreignList] } })).toBe("not_found");
  expect(await save({ senderId: newId() })).toBe("not_found");
  const foreignTemplate = await createTemplate(db, theirs, { name: "Theirs", from: letter });
  expect(
    await refusalCode(createCampaign(db, mine, { name: "x", from: { kind: "template", templateId: foreignTemplate } })),
  ).toBe("not_found");
  expect((await getCampaign(db, mine, id)).version).toBe(version);
});

test("a campaign of another workspace is not there", async () => {
  const { id, version } = await makeDraft(db, theirs, null);
  expect(await refusalCode(getCampaign(db, mine, id))).toBe("not_found");
  expect(await refusalCode(saveDraft(db, mine, { campaignId: id, version, patch: { name: "x" } }))).toBe("not_found");
  expect(await refusalCode(duplicateCampaign(db, mine, id, "x"))).toBe("not_found");
  expect(await refusalCode(archiveDraft(db, mine, id))).toBe("not_found");
  expect((await listCampaigns(db, mine)).rows).toEqual([]);
});

test("header values take no control characters, and no list stands on both sides", () => {
  const listId = newId();
  const faults = (patch: unknown) => draftPatch.safeParse(patch).error?.issues.map((issue) => issue.message);
  expect(faults({ subject: "a\r\nBcc: b" })).toEqual(["control_characters"]);
  expect(faults({ fromName: "a\u2028b" })).toEqual(["control_characters"]);
  expect(faults({ lists: { include: [listId], exclude: [listId] } })).toEqual(["list_on_both_sides"]);
  expect(faults({ status: "sending" })).toHaveLength(1);
});

test("content with a NUL, which could not be stored, is refused in words; a search for one passes it over", () => {
  const refused = draftPatch.safeParse({ content: mjml("<mjml>\0</mjml>") });
  expect(refused.error?.issues[0]?.message).toBe("control_characters");
  expect(pageQuery.parse({ q: "a\0b" }).q).toBe("ab");
});

test("a viewer reads and changes nothing", async () => {
  const { id, version } = await makeDraft(db, mine, null);
  const viewer: Scope = { ...mine, role: "viewer" };
  expect((await getCampaign(db, viewer, id)).id).toBe(id);
  expect(await refusalCode(saveDraft(db, viewer, { campaignId: id, version, patch: { name: "x" } }))).toBe(
    "auth.not_allowed",
  );
  expect(await refusalCode(createCampaign(db, viewer, { name: "x", from: letter }))).toBe("auth.not_allowed");
});

test("a duplicate is a draft with the same choices, content and lists", async () => {
  const listId = await makeList(pool, mine, 1);
  const { id } = await makeDraft(db, mine, listId, { trackOpens: false, replyTo: "office@example.com" });
  const copy = await getCampaign(db, mine, await duplicateCampaign(db, mine, id, "Copy of Spring"));
  expect(copy).toMatchObject({
    status: "draft",
    name: "Copy of Spring",
    trackOpens: false,
    replyTo: "office@example.com",
  });
  expect(copy).toMatchObject({
    subject: "What is new this spring",
    includeListIds: [listId],
    content: mjml(soundMjml),
  });
});

test("a deleted draft leaves the list and comes back", async () => {
  const { id } = await makeDraft(db, mine, null);
  await archiveDraft(db, mine, id);
  expect((await listCampaigns(db, mine)).rows).toEqual([]);
  expect((await listCampaigns(db, mine, { archived: true })).rows).toMatchObject([{ id }]);
  await restoreDraft(db, mine, id);
  expect((await listCampaigns(db, mine, { group: "drafts", query: "SPRING" })).rows).toMatchObject([
    { id, status: "draft" },
  ]);
  expect(await countCampaigns(db, mine)).toEqual({ drafts: 1, scheduled: 0, sending: 0, sent: 0 });
});

test("a template keeps its content by revision, and campaigns made from it keep theirs", async () => {
  const templateId = await createTemplate(db, mine, { name: "Monthly", from: letter });
  const before = await getTemplate(db, mine, templateId);
  const campaignId = await createCampaign(db, mine, { name: "May", from: { kind: "template", templateId } });
  const { version } = await saveTemplate(db, mine, { templateId, version: before.version, content: mjml(soundMjml) });
  expect(await refusalCode(saveTemplate(db, mine, { templateId, version: before.version, name: "Late" }))).toBe(
    "template.version_conflict",
  );
  expect((await getTemplate(db, mine, templateId)).content.source).toBe(soundMjml);
  expect((await getCampaign(db, mine, campaignId)).content).toEqual(before.content);

  const copyId = await duplicateTemplate(db, mine, templateId, "Monthly (copy)");
  await archiveTemplate(db, mine, templateId);
  expect((await listTemplates(db, mine)).rows.map((row) => row.id)).toEqual([copyId]);
  expect(await refusalCode(saveTemplate(db, mine, { templateId, version, name: "Gone" }))).toBe("template.archived");
  await restoreTemplate(db, mine, templateId);
  expect((await listTemplates(db, mine, { query: "monthly" })).rows).toHaveLength(2);
  expect(await refusalCode(getTemplate(db, theirs, templateId))).toBe("not_found");
});

test("pruning deletes only old revisions that nothing uses", async () => {
  const { id, version } = await makeDraft(db, mine, null);
  await saveDraft(db, mine, { campaignId: id, version, patch: { content: mjml("typed over") } });
  await pruneRevisions(db, 0);
  const sources = await pool.query("select source from revision where workspace_id = $1", [mine.workspaceId]);
  expect(sources.rows).toEqual([{ source: "typed over" }]);
  expect(await pruneRevisions(db)).toBe(0);
  expect((await getCampaign(db, mine, id)).content.source).toBe("typed over");
});
