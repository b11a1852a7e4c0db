import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { type Installation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/*
 * The media library by a browser: pictures come by picker, drop, paste and address; bad ones are refused in words; one is
 * described, cut by keyboard, picked for a mail, deleted and brought back; its address answers as mails need it.
 */

test.describe.configure({ mode: "serial" });
test.use({ contextOptions: { reducedMotion: "reduce" } });

let posthorn: Installation;
let elsewhere: Server;
let elsewhereUrl: string;

test.beforeAll(async () => {
  const far = await picture("olive", 500, 300).png().toBuffer();
  elsewhere = createServer((_request, response) => response.end(far));
  await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/far-away.png`;
  posthorn = await startInstallation({
    workers: 0,
    inbox: false,
    env: { POSTHORN_UI_GALLERY: "1", MEDIA_PRIVATE_HOSTS: "127.0.0.1" },
  });
  await setUpOwner(posthorn.db);
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(async () => {
  await posthorn?.stop();
  elsewhere?.close();
});

function picture(colour: string, width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: colour } });
}

const details = (page: Page) => page.getByRole("dialog", { name: "Picture", exact: true });
const tile = (page: Page, name: string) => page.getByRole("button", { name: `Details of ${name}`, exact: true });

test("pictures come in by picker, several at once, and bad ones are refused in words", async ({ page, watch }) => {
  watch.expectConsoleError(/422 \(Unprocessable/);
  await logIn(page, posthorn.baseUrl, owner);
  await page.getByRole("link", { name: "Media" }).click();
  await expect(page.getByRole("heading", { name: "No pictures yet" })).toBeVisible();
  await isFine(page);
  await page.locator("input[type=file]").setInputFiles([
    { name: "harbour.jpg", mimeType: "image/jpeg", buffer: await picture("teal", 2400, 1200).jpeg().toBuffer() },
    { name: "logo.png", mimeType: "image/png", buffer: await picture("navy", 300, 300).png().toBuffer() },
    { name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") },
    { name: "half.png", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\nand no more", "latin1") },
  ]);
  await expect(tile(page, "harbour")).toBeVisible();
  await expect(tile(page, "logo")).toBeVisible();
  const uploads = page.getByRole("list", { name: "Uploads" });
  await expect(uploads.getByText("SVG pictures are not taken")).toBeVisible();
  await expect(uploads.getByText("This picture is damaged or incomplete.")).toBeVisible();
  await expect(page.getByText("1600 × 800 px", { exact: false })).toBeVisible();
  await isFine(page);
  await page.getByRole("button", { name: "Remove photo.jpg from this list" }).click();
  await expect(uploads.getByText("SVG pictures are not taken")).toBeHidden();
});

test("by drop, by paste and from an address", async ({ page, watch }) => {
  watch.expectConsoleError(/422 \(Unprocessable/);
  await open(page);
  await give(page, "drop", "dropped.png", await picture("crimson", 200, 100).png().toBuffer());
  await expect(tile(page, "dropped")).toBeVisible();
  await give(page, "paste", "pasted.png", await picture("gold", 200, 100).png().toBuffer());
  await expect(tile(page, "pasted")).toBeVisible();
  await page.getByRole("button", { name: "From an address" }).click();
  const asking = page.getByRole("dialog", { name: "Add a picture from an address" });
  await asking.getByLabel("Address of the picture").fill("http://169.254.169.254/latest/meta-data");
  await asking.getByRole("button", { name: "Add picture" }).click();
  await expect(asking.getByText("169.254.169.254 is inside a private network")).toBeVisible();
  await isFine(page);
  await asking.getByLabel("Address of the picture").fill(elsewhereUrl);
  await asking.getByRole("button", { name: "Add picture" }).click();
  await expect(tile(page, "far-away")).toBeVisible();
});

test("one is described, found again, and cut by keyboard alone", async ({ page }) => {
  await open(page);
  await tile(page, "harbour").focus();
  await page.keyboard.press("Enter");
  await expect(details(page).getByText("No mail uses it.")).toBeVisible();
  await details(page).getByLabel("Alt text").fill("Boats in the harbour at dawn");
  await details(page).getByLabel("Tags").fill("spring, coast");
  await details(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await isFine(page);
  await details(page).getByRole("button", { name: "Crop and resize" }).focus();
  await page.keyboard.press("Enter");
  const crop = page.getByRole("dialog", { name: "Crop and resize" });
  const area = crop.getByRole("button", { name: /^Part to keep: 1600 × 800 px/ });
  await area.focus();
  for (let press = 0; press < 10; press++) await page.keyboard.press("Shift+ArrowLeft");
  for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowRight");
  await expect(crop.getByRole("button", { name: /^Part to keep: 1440 × 800 px, 80 from the left/ })).toBeFocused();
  await crop.getByLabel("Height").fill("360");
  await crop.getByLabel("Height").press("Tab");
  await crop.getByLabel("Width of the new picture").fill("720");
  await crop.getByLabel("Width of the new picture").press("Enter");
  await expect(crop.getByText("It will be 720 × 180 px.")).toBeVisible();
  await isFine(page);
  await crop.getByRole("button", { name: "Save as a new picture" }).click();
  await expect(crop).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(details(page)).toBeHidden();
  await expect(tile(page, "harbour")).toBeFocused();
  await expect(tile(page, "harbour (cropped)")).toBeVisible();
  await page.getByRole("searchbox").fill("dawn");
  await expect(tile(page, "logo")).toBeHidden();
  await expect(tile(page, "harbour (cropped)")).toBeVisible();
  await expect(page.getByText("720 × 180 px")).toBeVisible();
});

test("its public address is for mails: long kept, of a sure type, without a cookie", async ({ page, request }) => {
  await open(page);
  await tile(page, "harbour").click();
  const src = await details(page).getByRole("textbox", { name: "Public address" }).inputValue();
  expect(src).toMatch(new RegExp(`^${posthorn.baseUrl}/m/[\\w-]{22}/harbour\\.jpg$`));
  const answer = await request.get(src);
  expect(answer.status()).toBe(200);
  expect(answer.headers()).toMatchObject({
    "content-type": "image/jpeg",
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
  });
  expect(answer.headers()["set-cookie"]).toBeUndefined();
  expect(await sharp(await answer.body()).metadata()).toMatchObject({ format: "jpeg", width: 1600 });
  const again = await request.get(src, { headers: { "if-none-match": answer.headers().etag ?? "" } });
  expect(again.status()).toBe(304);
  expect((await request.get(`${posthorn.baseUrl}/m/${"A".repeat(22)}/harbour.jpg`)).status()).toBe(404);
});

test("an editor picks one, or uploads it there and then", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/ui`);
  const opener = page.getByRole("button", { name: "Open media picker" });
  await opener.click();
  const picker = page.getByRole("dialog", { name: "Choose a picture" });
  await picker.getByRole("searchbox").fill("boats");
  await expect(picker.getByRole("button", { name: "Use logo" })).toBeHidden();
  await picker.getByRole("searchbox").fill("");
  await give(page, "paste", "screenshot.png", await picture("plum", 640, 320).png().toBuffer());
  await expect(picker.getByRole("button", { name: "Use screenshot" })).toBeVisible();
  await isFine(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await isFine(page);
  await picker.getByRole("button", { name: "Use harbour", exact: true }).click();
  await expect(picker).toBeHidden();
  const picked = JSON.parse((await page.locator("output").textContent()) ?? "");
  expect(picked).toMatchObject({ alt: "Boats in the harbour at dawn", width: 1600, height: 800 });
  expect(picked.src).toContain("/harbour.jpg");
});

test("one is deleted and brought back", async ({ page, request }) => {
  await open(page);
  await tile(page, "logo").click();
  const src = await details(page).getByRole("textbox", { name: "Public address" }).inputValue();
  await details(page).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("“logo” was deleted.")).toBeVisible();
  await expect(tile(page, "logo")).toBeHidden();
  expect((await request.get(src)).status()).toBe(404);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(tile(page, "logo")).toBeVisible();
  expect((await request.get(src)).status()).toBe(200);
});

async function open(page: Page): Promise<void> {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/media`);
  await expect(page.getByRole("heading", { level: 1, name: "Media" })).toBeVisible();
  await isAlive(page);
}

/** Until React has taken the page over: what is dropped before that nobody hears. */
async function isAlive(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    Object.keys(document.querySelector("input[type=file]") ?? {}).some((key) => key.startsWith("__reactProps")),
  );
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
}

/** What a browser makes of a file that is dropped or pasted. */
async function give(page: Page, how: "drop" | "paste", name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ([kind, fileName, base64]) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      data.items.add(new File([content], fileName, { type: "image/png" }));
      const options = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        kind === "drop"
          ? new DragEvent("drop", { ...options, dataTransfer: data })
          : new ClipboardEvent("paste", { ...options, clipboardData: data }),
      );
    },
    [how, name, bytes.toString("base64")] as const,
  );
}

/** No serious finding of axe, light and dark, and nothing to be scrolled sideways on a phone. */
async function isFine(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    if (process.env.MEDIA_SHOTS) await page.screenshot({ path: `${process.env.MEDIA_SHOTS}/${Date.now()}.png` });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}
