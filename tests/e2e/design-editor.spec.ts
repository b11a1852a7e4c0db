import { AxeBuilder } from "@axe-core/playwright";
import { type Installation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

let posthorn: Installation;
test.beforeAll(async () => {
  posthorn = await startInstallation();
  await setUpOwner(posthorn.db);
});
test.afterAll(async () => posthorn?.stop());
test.afterEach(async ({ browserName: _browser }, testInfo) => attachOutput(posthorn, testInfo));

test("a mail is made in the design editor, by mouse and by keyboard, and kept", async ({ page }, testInfo) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/campaigns/new`);
  await page.getByRole("button", { name: /^Empty design/ }).click();
  const heading = page.getByRole("button", { name: "Heading: Your heading" });
  await heading.click();
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Spring is here");
  await expect(page.getByRole("button", { name: "Heading: Spring is here" })).toBeVisible();
  await expect(page.frameLocator('iframe[title="Mail being edited"]').getByText("Spring is here")).toBeVisible();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "Add Button" }).click();
  const button = page.locator('[data-kind="block"][aria-label="Button: Read more"]');
  await expect(button).toBeFocused();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.locator("[data-said]")).toHaveText("Button: Read more moved.");
  await page.keyboard.press("Control+d");
  await expect(button).toHaveCount(2);
  await page.keyboard.press("Control+z");
  await expect(button).toHaveCount(1);
  await expect(page.locator('[data-save-state="saved"]')).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("desktop.png"), fullPage: true });
  await page.reload();
  await expect(page.getByRole("button", { name: "Heading: Spring is here" })).toBeVisible();
  await expect(button).toHaveCount(1);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: testInfo.outputPath("phone.png"), fullPage: true });
});

test("a design of the gallery: formatted words are changed and taken back, checks are told, and axe finds nothing", async ({
  page,
}, testInfo) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/campaigns/new`);
  await page
    .getByRole("button", { name: /^Newsletter/ })
    .first()
    .click();
  const canvas = page.frameLocator('iframe[title="Mail being edited"]');
  const block = page.locator('[data-kind="block"][aria-label="Text"]').nth(2);
  await block.click();
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await text.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" Zanzibar?");
  await expect(canvas.getByText("Zanzibar?")).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("gallery-desktop.png"), fullPage: true });
  const undo = page.getByRole("button", { name: "Undo" }).first();
  while (await undo.isEnabled()) await undo.click();
  await expect(canvas.getByText("Zanzibar?")).toHaveCount(0);
  await expect(text).not.toContainText("Zanzibar?");
  await page.getByRole("button", { name: "Checks" }).click();
  await expect(page.getByText("There is no subject.")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
    const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(bad.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
  await page.screenshot({ path: testInfo.outputPath("gallery-dark.png"), fullPage: true });
});
