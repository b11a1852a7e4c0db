import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { consent, subscriber, subscription, suppression } from "#drizzle/schema/audience.ts";
import { campaign, campaignList } from "#drizzle/schema/campaigns.ts";
import { message } from "#drizzle/schema/delivery.ts";
import { audienceRows, makeList, makePerson, makeWorkspace } from "#tests/support/audience.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import type { Scope } from "../auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "../db.ts";
import { monthOf, newId } from "../ids.ts";
import { listConsent } from "./consent.ts";
import { archiveField, createField, fieldKey, listFields, renameField } from "./fields.ts";
import { archiveList, changeList, createList, listListsWithCounts } from "./lists.ts";
import { countSubscribers, readSearch, searchSubscribers } from "./subscriber-search.ts";
import { addSubscriber, deleteSubscriber, editSubscriber, getSubscriber } from "./subscribers.ts";
import { listStandings, removeFromList, setStanding } from "./subscriptions.ts";
import { isSuppressed, liftSuppression, suppress } from "./suppression.ts";
import { describeUnsubscribe, unsubscribe } from "./unsubscribe.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let here: Scope;
let there: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 4);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  here = await makeWorkspace(db);
  there = await makeWorkspace(db);
});

const person = { firstName: "", lastName: "", fields: {}, listIds: [], wording: "" };
const refusal = (code: string) => expect.objectContaining({ code });

async function makeCampaign(scope: Scope, include: string[], launchedAt: Date | null = null): Promise<string> {
  const [made] = await db
    .insert(campaign)
    .values({ workspaceId: scope.workspaceId, name: "News", launchedAt })
    .returning();
  const campaignId = made?.id ?? "";
  for (const listId of include) {
    await db.insert(campaignList).values({ workspaceId: scope.workspaceId, campaignId, listId, mode: "include" });
  }
  return campaignId;
}

const statuses = async (subscriberId: string) =>
  Object.fromEntries(
    (await db.select().from(subscription).where(eq(subscription.subscriberId, subscriberId))).map((s) => [
      s.listId,
      s.status,
    ]),
  );

test("list names are unique among lists in use, whatever their case, and per workspace", async () => {
  const first = await createList(db, here, { name: "News", description: "" });
  await expect(createList(db, here, { name: "NEWS", description: "" })).rejects.toEqual(
    refusal("audience.list_name_taken"),
  );
  await createList(db, there, { name: "news", description: "" });
  await archiveList(db, here, { id: first.id, archived: true });
  const second = await createList(db, here, { name: "news", description: "" });
  await expect(archiveList(db, here, { id: first.id, archived: false })).rejects.toEqual(
    refusal("audience.list_name_taken"),
  );
  await changeList(db, here, { id: second.id, name: "Newer", description: "x" });
  await archiveList(db, here, { id: first.id, archived: false });
  expect((await listListsWithCounts(db, here)).map((l) => l.name)).toEqual(["Newer", "News"]);
});

test("a list that a scheduled campaign goes to is not archived", async () => {
  const id = await makeList(db, here, "News");
  const campaignId = await makeCampaign(here, [id]);
  await db.update(campaign).set({ status: "scheduled" }).where(eq(campaign.id, campaignId));
  await expect(archiveList(db, here, { id, archived: true })).rejects.toEqual(refusal("audience.list_in_use"));
});

test("a list is not archived under a campaign that was paused before everybody's message was written", async () => {
  const id = await makeList(db, here, "News");
  const campaignId = await makeCampaign(here, [id], new Date());
  await db.update(campaign).set({ status: "paused" }).where(eq(campaign.id, campaignId));
  await expect(archiveList(db, here, { id, archived: true })).rejects.toEqual(refusal("audience.list_in_use"));
  await db.update(campaign).set({ frozenAt: new Date() }).where(eq(campaign.id, campaignId));
  await archiveList(db, here, { id, archived: true });
});

test("a list counts its people by standing", async () => {
  const id = await makeList(db, here, "News");
  await makePerson(db, here, "a@example.com", { [id]: "subscribed" });
  await makePerson(db, here, "b@example.com", { [id]: "subscribed" });
  await makePerson(db, here, "c@example.com", { [id]: "unsubscribed" });
  const [counted] = await listListsWithCounts(db, here);
  expect(counted?.counts).toEqual({ subscribed: 2, unconfirmed: 0, unsubscribed: 1, bounced: 0, complained: 0 });
  expect(await listListsWithCounts(db, there)).toEqual([]);
});

test("a viewer sees and changes nothing", async () => {
  const viewer: Scope = { ...here, role: "viewer" };
  const listId = await makeList(db, here, "News");
  const id = await makePerson(db, here, "a@example.com", { [listId]: "subscribed" });
  const before = await audienceRows(db, here);
  const attempts = [
    () => createList(db, viewer, { name: "x", description: "" }),
    () => changeList(db, viewer, { id: listId, name: "x", description: "" }),
    () => archiveList(db, viewer, { id: listId, archived: true }),
    () => createField(db, viewer, { label: "City", type: "text" }),
    () => renameField(db, viewer, { id: newId(), label: "x" }),
    () => archiveField(db, viewer, { id: newId(), archived: true }),
    () => addSubscriber(db, viewer, { ...person, email: "b@example.com" }),
    () => editSubscriber(db, viewer, { ...person, id, email: "c@example.com" }),
    () => deleteSubscriber(db, viewer, id),
    () => setStanding(db, viewer, { subscriberId: id, listId, status: "unsubscribed", wording: "" }),
    () => removeFromList(db, viewer, { subscriberId: id, listId }),
    () => liftSuppression(db, viewer, id),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toEqual(refusal("auth.not_allowed"));
  expect(await audienceRows(db, here)).toEqual(before);
  expect((await searchSubscribers(db, viewer, {})).rows).toHaveLength(1);
});

test("nothing of another workspace can be read or changed by its id", async () => {
  const listId = await makeList(db, there, "News");
  const id = await makePerson(db, there, "a@example.com", { [listId]: "subscribed" });
  const own = await makePerson(db, here, "a@example.com");
  const field = await createField(db, there, { label: "City", type: "text" });
  const before = await audienceRows(db, there);
  const attempts = [
    () => changeList(db, here, { id: listId, name: "x", description: "" }),
    () => archiveList(db, here, { id: listId, archived: true }),
    () => renameField(db, here, { id: field.id, label: "x" }),
    () => archiveField(db, here, { id: field.id, archived: true }),
    () => getSubscriber(db, here, id),
    () => editSubscriber(db, here, { ...person, id, email: "c@example.com" }),
    () => deleteSubscriber(db, here, id),
    () => setStanding(db, here, { subscriberId: id, listId, status: "unsubscribed", wording: "" }),
    () => setStanding(db, here, { subscriberId: own, listId, status: "subscribed", wording: "" }),
    () => removeFromList(db, here, { subscriberId: id, listId }),
    () => addSubscriber(db, here, { ...person, email: "b@example.com", listIds: [listId] }),
    () => editSubscriber(db, here, { ...person, id: own, email: "a@example.com", fields: { city: "Rome" } }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toEqual(refusal("not_found"));
  expect(await listStandings(db, here, id)).toEqual([]);
  expect(await listConsent(db, here, id)).toEqual([]);
  expect((await searchSubscribers(db, here, { listId })).rows).toEqual([]);
  expect(await audienceRows(db, there)).toEqual(before);
});

test.each([
  ["Città preferita", "citta_preferita"],
  ["  Größe (cm) ", "grosse_cm"],
  ["2nd address", "f_2nd_address"],
  ["日本", ""],
  ["a".repeat(60), "a".repeat(40)],
])("the label %j makes the key %j", (label, key) => {
  expect(fieldKey(label)).toBe(key);
});

test("a field's key is unique and not reserved, and stays when the label changes", async () => {
  const city = await createField(db, here, { label: "City", type: "text" });
  await expect(createField(db, here, { label: "CITY!", type: "number" })).rejects.toEqual(
    refusal("audience.field_key_taken"),
  );
  await expect(createField(db, here, { label: "Email", type: "text" })).rejects.toEqual(
    refusal("audience.field_key_reserved"),
  );
  await expect(createField(db, here, { label: "日本", type: "text" })).rejects.toEqual(
    refusal("audience.field_key_empty"),
  );
  await createField(db, there, { label: "City", type: "text" });
  await renameField(db, here, { id: city.id, label: "Town" });
  expect(await listFields(db, here)).toEqual([expect.objectContaining({ key: "city", label: "Town" })]);
  await archiveField(db, here, { id: city.id, archived: true });
  expect(await listFields(db, here)).toEqual([]);
  expect(await listFields(db, here, { archived: "only" })).toHaveLength(1);
});

test("a person is one row per workspace however the address is spelt, with proof of each list", async () => {
  const listId = await makeList(db, here, "News");
  await createField(db, here, { label: "Age", type: "number" });
  const added = { ...person, email: " Jo@MÜLLER.de ", fields: { age: "41" }, listIds: [listId], wording: "On paper" };
  const { id } = await addSubscriber(db, here, added);
  await expect(addSubscriber(db, here, { ...person, email: "jo@xn--mller-kva.de" })).rejects.toEqual(
    expect.objectContaining({ code: "audience.subscriber_exists", detail: { id } }),
  );
  await addSubscriber(db, there, { ...person, email: "jo@müller.de" });
  expect(await getSubscriber(db, here, id)).toMatchObject({
    email: "Jo@MÜLLER.de",
    emailKey: "jo@xn--mller-kva.de",
    fields: { age: 41 },
  });
  expect(await listConsent(db, here, id)).toEqual([
    expect.objectContaining({ status: "subscribed", method: "manual", wording: "On paper", listName: "News" }),
  ]);
});

test("wrong addresses, wrong values and suppressed addresses are refused when adding", async () => {
  await createField(db, here, { label: "Age", type: "number" });
  await suppress(db, here, { email: "Gone@example.com", reason: "complaint" });
  const add = (email: string, fields = {}) => addSubscriber(db, here, { ...person, email, fields });
  await expect(add("nobody")).rejects.toEqual(refusal("audience.address_invalid"));
  await expect(add("a@example.com", { age: "old" })).rejects.toEqual(refusal("audience.field_value"));
  await expect(add("gone@EXAMPLE.com")).rejects.toEqual(refusal("audience.address_suppressed"));
  expect(await db.select().from(subscriber).where(eq(subscriber.workspaceId, here.workspaceId))).toEqual([]);
});

test("editing changes and empties fields, and an address that is taken is refused", async () => {
  await createField(db, here, { label: "City", type: "text" });
  await createField(db, here, { label: "Born", type: "date" });
  const { id } = await addSubscriber(db, here, {
    ...person,
    email: "a@example.com",
    fields: { city: "Rome", born: "1990-02-03" },
  });
  await makePerson(db, here, "b@example.com");
  await editSubscriber(db, here, {
    ...person,
    id,
    email: "A@example.com",
    firstName: "Ann",
    fields: { city: "", born: "1991-02-03" },
  });
  expect(await getSubscriber(db, here, id)).toMatchObject({ firstName: "Ann", fields: { born: "1991-02-03" } });
  await expect(editSubscriber(db, here, { ...person, id, email: "B@example.com" })).rejects.toEqual(
    refusal("audience.subscriber_exists"),
  );
});

test("a new address takes an opt-out along and leaves a bounce behind", async () => {
  const [one, two] = [await makePerson(db, here, "a@example.com"), await makePerson(db, here, "b@example.com")];
  await suppress(db, here, { email: "a@example.com", reason: "unsubscribed_all" });
  await suppress(db, here, { email: "b@example.com", reason: "hard_bounce" });
  await editSubscriber(db, here, { ...person, id: one, email: "a2@example.com" });
  await editSubscriber(db, here, { ...person, id: two, email: "b2@example.com" });
  expect(await isSuppressed(db, here, "a2@example.com")).toBe(true);
  expect(await isSuppressed(db, here, "b2@example.com")).toBe(false);
});

test("opted-out people come back by hand only with words, and never after a complaint", async () => {
  const listId = await makeList(db, here, "News");
  const out = await makePerson(db, here, "a@example.com", { [listId]: "unsubscribed" });
  const angry = await makePerson(db, here, "b@example.com", { [listId]: "complained" });
  const back = (subscriberId: string, wording: string) =>
    setStanding(db, here, { subscriberId, listId, status: "subscribed", wording });
  await expect(back(out, "")).rejects.toEqual(refusal("audience.consent_needed"));
  await expect(back(angry, "asked by phone")).rejects.toEqual(refusal("audience.complained_stays_out"));
  await back(out, "asked by phone");
  expect(await statuses(out)).toEqual({ [listId]: "subscribed" });
  expect(await listConsent(db, here, out)).toEqual([
    expect.objectContaining({ status: "subscribed", wording: "asked by phone" }),
  ]);
});

test("removing from a list keeps opt-outs on record", async () => {
  const listId = await makeList(db, here, "News");
  const on = await makePerson(db, here, "a@example.com", { [listId]: "subscribed" });
  const out = await makePerson(db, here, "b@example.com", { [listId]: "unsubscribed" });
  expect(await removeFromList(db, here, { subscriberId: on, listId })).toEqual({ status: "subscribed" });
  await expect(removeFromList(db, here, { subscriberId: out, listId })).rejects.toEqual(
    refusal("audience.opt_out_kept"),
  );
  expect(await statuses(on)).toEqual({});
  expect(await statuses(out)).toEqual({ [listId]: "unsubscribed" });
});

test("deleting somebody who opted out leaves the address suppressed", async () => {
  const listId = await makeList(db, here, "News");
  const on = await makePerson(db, here, "a@example.com", { [listId]: "subscribed" });
  const out = await makePerson(db, here, "b@example.com", { [listId]: "unsubscribed" });
  const neighbour = await makePerson(db, there, "b@example.com");
  expect(await deleteSubscriber(db, here, on)).toEqual({ keptSuppressed: false });
  expect(await deleteSubscriber(db, here, out)).toEqual({ keptSuppressed: true });
  expect(await isSuppressed(db, here, "a@example.com")).toBe(false);
  expect(await isSuppressed(db, here, "B@example.com")).toBe(true);
  expect(await getSubscriber(db, there, neighbour)).toMatchObject({ email: "b@example.com" });
  expect(await db.select().from(subscription).where(eq(subscription.workspaceId, here.workspaceId))).toEqual([]);
});

test("a hard bounce and a complaint reach every list of the person, once, and a weaker reason replaces neither", async () => {
  const [one, two] = [await makeList(db, here, "One"), await makeList(db, here, "Two")];
  const id = await makePerson(db, here, "a@example.com", { [one]: "subscribed", [two]: "unsubscribed" });
  const neighbour = await makePerson(db, there, "a@example.com", { [await makeList(db, there, "One")]: "subscribed" });
  for (let twice = 0; twice < 2; twice++)
    await suppress(db, here, { email: "A@example.com", reason: "hard_bounce", detail: "550 5.1.1" });
  expect(await statuses(id)).toEqual({ [one]: "bounced", [two]: "unsubscribed" });
  await suppress(db, here, { email: "a@example.com", reason: "complaint" });
  await suppress(db, here, { email: "a@example.com", reason: "unsubscribed_all" });
  expect(await statuses(id)).toEqual({ [one]: "complained", [two]: "complained" });
  expect(await db.select().from(suppression).where(eq(suppression.workspaceId, here.workspaceId))).toEqual([
    expect.objectContaining({ emailKey: "a@example.com", reason: "complaint" }),
  ]);
  const proof = await listConsent(db, here, id);
  expect(proof.map((row) => `${row.listName} ${row.status} ${row.method}`).sort()).toEqual([
    "One bounced bounce",
    "One complained complaint",
    "Two complained complaint",
  ]);
  expect(Object.values(await statuses(neighbour))).toEqual(["subscribed"]);
  expect(await isSuppressed(db, there, "a@example.com")).toBe(false);
});

test("only bounces and blocks by hand can be lifted", async () => {
  const id = await makePerson(db, here, "a@example.com");
  await suppress(db, here, { email: "a@example.com", reason: "hard_bounce" });
  await liftSuppression(db, here, id);
  expect(await isSuppressed(db, here, "a@example.com")).toBe(false);
  await suppress(db, here, { email: "a@example.com", reason: "unsubscribed_all" });
  await expect(liftSuppression(db, here, id)).rejects.toEqual(refusal("audience.suppression_is_final"));
});

test("one click leaves every list the campaign targeted and no other, however often it is repeated", async () => {
  const [one, two, other] = [
    await makeList(db, here, "One"),
    await makeList(db, here, "Two"),
    await makeList(db, here, "Other"),
  ];
  const subscriberId = await makePerson(db, here, "a@example.com", {
    [one]: "subscribed",
    [two]: "unconfirmed",
    [other]: "subscribed",
  });
  const bystander = await makePerson(db, here, "b@example.com", { [one]: "subscribed" });
  const campaignId = await makeCampaign(here, [one, two]);
  const input = {
    workspaceId: here.workspaceId,
    subscriberId,
    campaignId,
    scope: "campaign_lists",
    method: "one_click",
  } as const;
  const seen = await describeUnsubscribe(db, input);
  expect(seen).toEqual({ email: "a@example.com", lists: ["One", "Two"], isOff: false, isOffEverything: false });
  const answers = await Promise.all([unsubscribe(db, input), unsubscribe(db, input), unsubscribe(db, input)]);
  expect(answers.reduce((sum, answer) => sum + answer.changed, 0)).toBe(2);
  expect(await statuses(subscriberId)).toEqual({ [one]: "unsubscribed", [two]: "unsubscribed", [other]: "subscribed" });
  expect(await statuses(bystander)).toEqual({ [one]: "subscribed" });
  expect(await db.select().from(consent).where(eq(consent.subscriberId, subscriberId))).toHaveLength(2);
  expect(await isSuppressed(db, here, "a@example.com")).toBe(false);
  expect(await describeUnsubscribe(db, input)).toMatchObject({ isOff: true });
});

test("unsubscribing somebody on one of two targeted lists makes no opt-out of the other", async () => {
  const [one, two] = [await makeList(db, here, "One"), await makeList(db, here, "Two")];
  const subscriberId = await makePerson(db, here, "a@example.com", { [one]: "complained" });
  const campaignId = await makeCampaign(here, [one, two]);
  await unsubscribe(db, {
    workspaceId: here.workspaceId,
    subscriberId,
    campaignId,
    scope: "campaign_lists",
    method: "one_click",
  });
  expect(await statuses(subscriberId)).toEqual({ [one]: "complained" });
});

test("a click after the person was taken off the list outlasts the next import", async () => {
  const one = await makeList(db, here, "One");
  const subscriberId = await makePerson(db, here, "a@example.com");
  const campaignId = await makeCampaign(here, [one]);
  await unsubscribe(db, {
    workspaceId: here.workspaceId,
    subscriberId,
    campaignId,
    scope: "campaign_lists",
    method: "one_click",
  });
  expect(await statuses(subscriberId)).toEqual({ [one]: "unsubscribed" });
});

test("an opt-out stands even when an import is subscribing the same person at that moment", async () => {
  const one = await makeList(db, here, "One");
  const subscriberId = await makePerson(db, here, "a@example.com");
  const campaignId = await makeCampaign(here, [one]);
  const importing = await pool.connect();
  await importing.query("begin");
  await importing.query(
    `insert into subscription (workspace_id, list_id, subscriber_id, status) values ($1, $2, $3, 'subscribed')
    on conflict do nothing`,
    [here.workspaceId, one, subscriberId],
  );
  const left = unsubscribe(db, {
    workspaceId: here.workspaceId,
    subscriberId,
    campaignId,
    scope: "campaign_lists",
    method: "one_click",
  });
  await expect
    .poll(async () => {
      const waiting = await pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.rowCount;
    })
    .toBe(1);
  await importing.query("commit");
  importing.release();
  expect(await left).toMatchObject({ changed: 1 });
  expect(await statuses(subscriberId)).toEqual({ [one]: "unsubscribed" });
});

test("somebody who leaves in the moment a marketer puts them on the list stays off", async () => {
  const one = await makeList(db, here, "One");
  const subscriberId = await makePerson(db, here, "a@example.com");
  const leaving = await pool.connect();
  await leaving.query("begin");
  await leaving.query(
    "insert into subscription (workspace_id, list_id, subscriber_id, status) values ($1, $2, $3, 'unsubscribed')",
    [here.workspaceId, one, subscriberId],
  );
  const put = setStanding(db, here, { subscriberId, listId: one, status: "subscribed", wording: "" });
  const refused = expect(put).rejects.toEqual(refusal("audience.consent_needed"));
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await expect.poll(async () => (await pool.query(waiting)).rowCount).toBe(1);
  await leaving.query("commit");
  leaving.release();
  await refused;
  expect(await statuses(subscriberId)).toEqual({ [one]: "unsubscribed" });
});

test("everything means every list and the suppression list", async () => {
  const [one, other] = [await makeList(db, here, "One"), await makeList(db, here, "Other")];
  const subscriberId = await makePerson(db, here, "a@example.com", { [one]: "subscribed", [other]: "subscribed" });
  const campaignId = await makeCampaign(here, [one]);
  const input = {
    workspaceId: here.workspaceId,
    subscriberId,
    campaignId,
    scope: "everything",
    method: "unsubscribe_page",
  } as const;
  await unsubscribe(db, input);
  await unsubscribe(db, input);
  expect(await statuses(subscriberId)).toEqual({ [one]: "unsubscribed", [other]: "unsubscribed" });
  expect(await isSuppressed(db, here, "a@example.com")).toBe(true);
  const proof = await listConsent(db, here, subscriberId);
  expect(proof.map((row) => row.method)).toEqual(["unsubscribe_page", "unsubscribe_page"]);
});

test("an unsubscribe link works for a deleted campaign and for a deleted person", async () => {
  const one = await makeList(db, here, "One");
  const subscriberId = await makePerson(db, here, "a@example.com", { [one]: "subscribed" });
  const scope = "campaign_lists" as const;
  const input = { workspaceId: here.workspaceId, subscriberId, scope, method: "one_click" as const };
  await unsubscribe(db, { ...input, campaignId: newId() });
  expect(await statuses(subscriberId)).toEqual({ [one]: "unsubscribed" });

  const launchedAt = new Date();
  const campaignId = await makeCampaign(here, [one], launchedAt);
  const gone = newId();
  await db.insert(message).values({
    workspaceId: here.workspaceId,
    launchMonth: monthOf(launchedAt),
    id: newId(),
    sourceKind: "campaign",
    sourceId: campaignId,
    subscriberId: gone,
    email: "gone@example.com",
    chunk: 0,
  });
  await unsubscribe(db, { ...input, subscriberId: gone, campaignId });
  expect(await isSuppressed(db, here, "gone@example.com")).toBe(true);
  expect(await unsubscribe(db, { ...input, workspaceId: there.workspaceId, subscriberId: gone, campaignId })).toEqual({
    found: false,
    changed: 0,
  });
});

test("search finds by address, part of it, name, list, standing, source and field, in this workspace only", async () => {
  const [one, two] = [await makeList(db, here, "One"), await makeList(db, here, "Two")];
  await createField(db, here, { label: "City", type: "text" });
  await createField(db, here, { label: "VIP", type: "boolean" });
  const add = (email: string, firstName: string, listIds: string[], fields = {}) =>
    addSubscriber(db, here, { ...person, email, firstName, lastName: "Müller", listIds, fields });
  await add("anna@example.com", "Anna", [one], { city: "Rome", vip: "yes" });
  await add("bert@example.com", "Bert", [one, two]);
  await add("100%_real@example.com", "Carl", []);
  await makePerson(db, there, "anna@example.com");
  await suppress(db, here, { email: "bert@example.com", reason: "manual" });
  const found = async (input: object) =>
    (await searchSubscribers(db, here, input)).rows.map((row) => row.firstName).sort();
  expect(await found({})).toEqual(["Anna", "Bert", "Carl"]);
  expect(await found({ q: "ANNA@example.com" })).toEqual(["Anna"]);
  expect(await found({ q: "ert@ex" })).toEqual(["Bert"]);
  expect(await found({ q: "bert mÜll" })).toEqual(["Bert"]);
  expect(await found({ q: "%_" })).toEqual(["Carl"]);
  expect(await found({ q: "_x" })).toEqual([]);
  expect(await found({ listId: one })).toEqual(["Anna", "Bert"]);
  expect(await found({ listId: one, status: "unsubscribed" })).toEqual([]);
  expect(await found({ status: "suppressed" })).toEqual(["Bert"]);
  expect(await found({ status: "no_list" })).toEqual(["Carl"]);
  expect(await found({ source: "import" })).toEqual([]);
  expect(await found({ field: "city", value: "rome" })).toEqual(["Anna"]);
  expect(await found({ field: "vip", value: "true" })).toEqual(["Anna"]);
  expect(await countSubscribers(db, here, { listId: one })).toEqual({ people: 2, atLeast: false });
});

test("a NUL in what is searched for is passed over", async () => {
  await makePerson(db, here, "anna@example.com");
  const found = await searchSubscribers(db, here, readSearch({ q: "an\0na", value: "\0", field: "\0" }));
  expect(found.rows).toHaveLength(1);
});

test("pages go forward and back over everybody exactly once", async () => {
  const listId = await makeList(db, here, "One");
  for (let i = 0; i < 11; i++) await makePerson(db, here, `p${i}@example.com`, { [listId]: "subscribed" });
  for (const filter of [{}, { listId }]) {
    const forward: string[][] = [];
    let page = await searchSubscribers(db, here, { ...filter, limit: 4 });
    expect(page.previous).toBeNull();
    forward.push(page.rows.map((row) => row.email));
    while (page.next) {
      page = await searchSubscribers(db, here, { ...filter, limit: 4, after: page.next });
      forward.push(page.rows.map((row) => row.email));
    }
    expect(forward.map((rows) => rows.length)).toEqual([4, 4, 3]);
    expect(new Set(forward.flat()).size).toBe(11);
    const back: string[][] = [page.rows.map((row) => row.email)];
    while (page.previous) {
      page = await searchSubscribers(db, here, { ...filter, limit: 4, before: page.previous });
      back.unshift(page.rows.map((row) => row.email));
    }
    expect(back).toEqual(forward);
  }
});
