import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { listStarters } from "#lib/content/starters.ts";
import { type Installation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/* Designs are found, looked at and begun with; what was made of one is shown and doubled. */

let posthorn: Installation;

test.beforeAll(async () => {
  posthorn = await startInstallation({ workers: 0 });
  await setUpOwner(posthorn.db);
});
// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));
test.afterAll(() => posthorn?.stop());

async function isFine(page: Page) {
  const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(bad.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test("a design is found by kind and words, looked at in full, and begun with", async ({ page }, testInfo) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/templates/new`);
  const designs = page.getByRole("region", { name: "Starters" }).getByRole("listitem");
  await expect(designs).toHaveCount(listStarters("en").length);
  await page.screenshot({ path: testInfo.outputPath("gallery.png"), fullPage: true });
  await isFine(page);

  await page.getByRole("combobox", { name: "Kind of mail" }).click();
  await page.getByRole("option", { name: "Events" }).click();
  await expect(designs).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search designs" }).fill("webin");
  await expect(designs).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Search designs" }).fill("no such thing");
  await expect(page.getByText("No design matches.")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search designs" }).fill("");

  await page.getByRole("button", { name: "Preview Webinar" }).click();
  const dialog = page.getByRole("dialog", { name: "Webinar" });
  const mail = dialog.frameLocator("iframe");
  await expect(mail.getByRole("heading", { name: "A landing page in 45 minutes" })).toBeVisible();
  await dialog.getByRole("button", { name: "Phone" }).click();
  await page.screenshot({ path: testInfo.outputPath("preview.png") });
  await isFine(page);
  await dialog.getByRole("button", { name: "Begin with this" }).click();
  await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);

  await page.goto(`${posthorn.baseUrl}/templates`);
  const card = page.getByRole("listitem").filter({ hasText: "Untitled template" });
  await card
    .getByRole("button", { name: /^More for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Preview" }).click();
  await expect(
    page.getByRole("dialog").frameLocator("iframe").getByRole("heading", { name: "A landing page in 45 minutes" }),
  ).toBeVisible();
  await page.keyboard.press("Escape");
  await card
    .getByRole("button", { name: /^More for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect(page.getByRole("link", { name: "Copy of Untitled template" })).toBeVisible();
});

test("at 390 pixels nothing has to be scrolled sideways", async ({ page }, testInfo) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/campaigns/new`);
  await expect(page.getByRole("button", { name: "Preview Newsletter" })).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("phone.png") });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
