import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { signToken } from "#lib/tokens.ts";
import { pages } from "./support/doors.ts";
import { type Furniture, furnish } from "./support/furnished.ts";
import { type Installation, logInByApi, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/*
 * Every page for everybody: no serious or critical finding of axe, light and dark, on a desk and on a phone, and nothing
 * that has to be scrolled sideways at 390 px. Pages come from the table of doors, so that none is forgotten.
 */

const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

test.describe.configure({ mode: "serial" });
test.use({ contextOptions: { reducedMotion: "reduce" } });

let posthorn: Installation;
let furniture: Furniture;
let workspaceNumber: number;

test.beforeAll(async () => {
  posthorn = await startInstallation({ workers: 0 });
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(() => posthorn?.stop());

test("before anybody is logged in", async ({ page, watch }) => {
  await page.goto(`${posthorn.baseUrl}/setup`);
  await page.getByRole("button", { name: "Create and start" }).click();
  await expect(page.getByText("Please fill this in.").first()).toBeVisible();
  await isFine(page, "the set-up with complaints");
  const scope = await setUpOwner(posthorn.db);
  furniture = await furnish(posthorn, scope, await logInByApi(posthorn.db, owner));
  const { rows } = await posthorn.pool.query("select number from workspace");
  workspaceNumber = rows[0].number;
  await visit(page, "/login");
  watch.expectConsoleError(/404 \(Not Found\)/);
  await visit(page, "/no-such-page");
});

test("the pages behind links in mails", async ({ page, watch }) => {
  watch.expectConsoleError(/404 \(Not Found\)/);
  await visit(page, "/u/tampered");
  const ids = { subscriberId: furniture.subscriber, campaignId: furniture.draft };
  await visit(page, `/u/${signToken({ purpose: "unsubscribe", workspaceNumber, ...ids })}`);
  await page.getByRole("button", { name: "Unsubscribe from everything" }).click();
  await expect(page.getByRole("heading", { name: "You are unsubscribed from everything" })).toBeVisible();
  await isFine(page, "after unsubscribing");
});

test("every page of the console", async ({ page }) => {
  test.slow();
  await logIn(page, posthorn.baseUrl, owner);
  for (const [file, door] of Object.entries(pages(furniture))) {
    if (!file.startsWith("(console)")) continue;
    await visit(page, door.path);
  }
  await visit(page, "/campaigns?show=deleted");
  await visit(page, `/inbox?q=nothing-like-this`);
});

test("what opens over a page", async ({ page }) => {
  test.slow();
  await logIn(page, posthorn.baseUrl, owner);
  const openings: Array<[path: string, press: string, role: "dialog" | "alertdialog" | "menu"]> = [
    ["/lists", "New list", "dialog"],
    ["/fields", "New field", "dialog"],
    ["/subscribers", "Add person", "dialog"],
    [`/campaigns/${furniture.draft}`, "Send a test", "dialog"],
    [`/campaigns/${furniture.draft}`, "More for Spring", "menu"],
    ["/inbox", "Delete all", "alertdialog"],
    ["/domains", "Add domain", "dialog"],
    [`/domains/${furniture.domain}`, "More about example.com", "menu"],
    [`/domains/${furniture.domain}`, "Change", "dialog"],
    ["/sending", "Set a cap", "dialog"],
    ["/media", "Details of harbour", "dialog"],
    ["/media", "From an address", "dialog"],
    [`/campaigns/${furniture.sentCampaign}/report`, "Mark all as sent", "alertdialog"],
    [`/campaigns/${furniture.sentCampaign}/report/recipients/${furniture.message}`, "Mark as sent", "alertdialog"],
    ["/", `Your account: ${owner.name}`, "menu"],
  ];
  for (const [path, press, role] of openings) {
    await page.setViewportSize(desk);
    await page.goto(posthorn.baseUrl + path);
    await page.getByRole("button", { name: press }).first().click();
    await expect(page.getByRole(role)).toBeVisible();
    await isFine(page, `${path} with “${press}” open`, role === "menu");
  }
  await page.goto(`${posthorn.baseUrl}/campaigns/${furniture.draft}`);
  await page.getByRole("tab", { name: "Sending" }).click();
  await page.getByText("Send to a few people first").click();
  await page.getByText("Do not send after").click();
  await isFine(page, "how a draft is sent, with all its fields");
  const paused = "update campaign set status = $2, pause_reason = $3, launched_at = now() where id = $1";
  await posthorn.pool.query(paused, [furniture.draft, "paused", "hard 31/480: 550 5.1.1 no such user"]);
  await page.goto(`${posthorn.baseUrl}/campaigns/${furniture.draft}`);
  await page.getByRole("button", { name: "Go on all the same" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await isFine(page, "the question before a breaker is overruled");
  await posthorn.pool.query(
    "update campaign set status = 'draft', pause_reason = null, launched_at = null where id = $1",
    [furniture.draft],
  );
  await page.setViewportSize(phone);
  await page.goto(posthorn.baseUrl);
  await page.getByRole("button", { name: "Open menu" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await isFine(page, "the menu of a phone");
});

test("the sample workspace, loaded and removed with a click", async ({ page }) => {
  test.slow();
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/settings`);
  await page.getByRole("button", { name: "Load the sample workspace" }).click();
  await expect(page.getByRole("button", { name: /^Workspace: Acme Coffee\. Sample workspace\./ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page).toHaveURL(`${posthorn.baseUrl}/`);
  const { rows } = await posthorn.pool.query(
    "select c.id from campaign c join workspace w on w.id = c.workspace_id where w.is_sample and c.status = 'finished' limit 1",
  );
  const report = `/campaigns/${rows[0].id}/report`;
  for (const path of [
    "/",
    "/campaigns",
    `/campaigns/${rows[0].id}`,
    report,
    `${report}/recipients`,
    "/subscribers",
    "/lists",
  ])
    await visit(page, path);

  await page.goto(`${posthorn.baseUrl}/settings`);
  await page.getByRole("button", { name: "Remove the sample" }).click();
  await isFine(page, "the question before the sample is removed");
  await page.getByRole("button", { name: "Remove Acme Coffee" }).click();
  await expect(page.getByText("The sample workspace is removed")).toBeVisible({ timeout: 60_000 });
  const left = await posthorn.pool.query("select count(*)::int as count from workspace where is_sample");
  expect(left.rows[0].count).toBe(0);
});

async function visit(page: Page, path: string): Promise<void> {
  await page.setViewportSize(desk);
  await page.goto(posthorn.baseUrl + path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await isFine(page, path);
}

/** Looks at what is shown now in both themes and both widths. `hasPopup`: a menu of Base UI is open. */
async function isFine(page: Page, what: string, hasPopup = false): Promise<void> {
  const findings: string[] = [];
  for (const size of [desk, phone]) {
    await page.setViewportSize(size);
    // On the phone in the dark only: sizes and colours do not depend on each other.
    for (const colorScheme of size === phone ? (["dark"] as const) : (["light", "dark"] as const)) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      // Of what a theme changes, axe knows contrast; the rest is the same in both.
      // (Legacy mode: all in this page, not in one opened for it; what frames show is not ours to judge.)
      const axe = new AxeBuilder({ page }).setLegacyMode(true).exclude("iframe");
      if (colorScheme === "dark" && size === desk) axe.withRules(["color-contrast"]);
      // An open popup of Base UI hides the page behind it from readers, and keeps guards for the focus in it.
      else if (hasPopup) axe.disableRules(["aria-hidden-focus"]);
      const { violations } = await axe.analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact !== "serious" && impact !== "critical") continue;
        const where = nodes.map(
          (node) => `${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`,
        );
        findings.push(`${what}, ${size.width} px, ${colorScheme}: ${id}\n  ${where.slice(0, 5).join("\n  ")}`);
      }
    }
    if (size === phone) {
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (sideways > 0) findings.push(`${what}: ${sideways} px have to be scrolled sideways at ${size.width} px`);
    }
  }
  expect.soft(findings, what).toEqual([]);
}

/** Colours fade and bars grow: nothing is judged half way. */
function settled(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    Promise.all(
      document.getAnimations().map((animation) => {
        const { iterations } = animation.effect?.getTiming() ?? {};
        return iterations === Number.POSITIVE_INFINITY ? null : animation.finished.catch(() => null);
      }),
    ).then(() => null),
  );
}
