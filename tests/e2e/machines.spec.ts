import { makeDraft, makeList } from "#tests/support/campaign-fixtures.ts";
import { findPgBouncer, type PgBouncer, startPgBouncer } from "#tests/support/pgbouncer.ts";
import { type Installation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/*
 * What many machines bring: a pooler that hands out sessions by the transaction, a read replica that is away, and a
 * database that turns out to be a copy.
 */

const program = findPgBouncer();
let posthorn: Installation;
let bouncer: PgBouncer | undefined;
let scope: Awaited<ReturnType<typeof setUpOwner>>;

test.beforeAll(async () => {
  posthorn = await startInstallation({
    // Nobody listens there: reports come from the primary.
    env: { CAMPAIGN_UNDO_SECONDS: "0", DATABASE_REPLICA_URL: "postgres://nobody@127.0.0.1:1/none" },
    ...(program && {
      through: async (url) => {
        bouncer = await startPgBouncer(program, url);
        return bouncer.url;
      },
    }),
  });
  scope = await setUpOwner(posthorn.db);
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(async () => {
  await posthorn?.stop();
  await bouncer?.stop();
});

test("through PgBouncer in transaction mode people log in, launch, and read the report", async ({ page }) => {
  test.skip(program === null, "PgBouncer cannot be had here (apt-get download pgbouncer)");
  await page.goto(`${posthorn.baseUrl}/login`);
  for (let i = 0; i < 5; i++) {
    await page.getByLabel("E-mail address").fill(owner.email);
    await page.getByLabel("Password", { exact: true }).fill("not this one");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByText(/wrong|do not match|not correct/i).first()).toBeVisible();
  }
  await logIn(page, posthorn.baseUrl, owner);
  const listId = await makeList(posthorn.pool, scope, 40);
  const { id } = await makeDraft(posthorn.db, scope, listId);
  await page.goto(`${posthorn.baseUrl}/campaigns/${id}/review`);
  await page.getByRole("button", { name: "Send to 40 people" }).click();
  await expect
    .poll(async () => (await posthorn.pool.query("select status from campaign where id = $1", [id])).rows[0].status, {
      timeout: 60_000,
    })
    .toBe("finished");
  // Ended long enough ago for its report to be read from a replica.
  await posthorn.pool.query("update campaign set finished_at = finished_at - interval '1 hour' where id = $1", [id]);
  await page.goto(`${posthorn.baseUrl}/campaigns/${id}/report`);
  await expect(page.getByText("100% of 40 recipients")).toBeVisible();
  await page.goto(`${posthorn.baseUrl}/campaigns/${id}/report/recipients`);
  await expect(page.getByText("40 people on this page")).toBeVisible();
  expect(posthorn.output()).not.toMatch(/prepared statement/);
});

test("in a copy the owner is told on every page, and confirms; then it may send", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  const { id } = await makeDraft(posthorn.db, scope, await makeList(posthorn.pool, scope, 3));
  await posthorn.pool.query(
    "update campaign set status = 'scheduled', launch_at = now() + interval '1 day' where id = $1",
    [id],
  );
  await posthorn.pool.query("update instance set database_identity = '1/1'");
  const notice = page.getByText("Sending is locked: this looks like a copy");
  for (const path of ["/", "/campaigns", "/settings"]) {
    await page.goto(posthorn.baseUrl + path);
    await expect(notice).toBeVisible();
  }
  const other = await makeDraft(posthorn.db, scope, await makeList(posthorn.pool, scope, 3));
  await page.goto(`${posthorn.baseUrl}/campaigns/${other.id}/review`);
  await page.getByRole("button", { name: "Send to 3 people" }).click();
  await expect(page.getByText(/^Sending is locked, because/)).toBeVisible();
  await page.getByRole("button", { name: "Let it send…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("1 planned campaign will start at its time.");
  await dialog.getByRole("button", { name: "Let it send" }).click();
  await expect(page.getByText("Sending is unlocked")).toBeVisible();
  await expect(notice).toBeHidden();
  await page.reload();
  await page.getByRole("button", { name: "Send to 3 people" }).click();
  await expect
    .poll(
      async () => (await posthorn.pool.query("select status from campaign where id = $1", [other.id])).rows[0].status,
      { timeout: 60_000 },
    )
    .toBe("finished");
});
