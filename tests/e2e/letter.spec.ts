import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { type Installation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { byRecipient } from "./support/mails.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/* A letter, written by keyboard alone, pasted into, lost sight of and found again, and read as its reader gets it. */

let posthorn: Installation;
let relay: JournalSmtp;

test.beforeAll(async () => {
  relay = await startJournalSmtp({ flags: ["--keep-messages"] });
  posthorn = await startInstallation();
  const { workspaceId } = await setUpOwner(posthorn.db);
  await posthorn.pool.query(
    `insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection, is_default)
     values ($1, 'relay', 'smtp', '127.0.0.1', $2, 'none', 2, 100, true)`,
    [workspaceId, relay.port],
  );
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(async () => {
  await posthorn?.stop();
  await relay?.stop();
});

const textbox = (page: Page) => page.getByRole("textbox", { name: "Text of the mail" });
const preview = (page: Page) => page.frameLocator("iframe[title='Preview of the mail']");
/** Until the server has this in what it keeps, and the page knows. */
async function saved(page: Page, words: string): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await posthorn.pool.query(
        "select r.source from variant v join revision r on r.workspace_id = v.workspace_id and r.id = v.revision_id",
      );
      return rows.some(({ source }) => source.includes(words));
    })
    .toBe(true);
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
}

async function newLetter(page: Page): Promise<void> {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/campaigns/new`);
  await page.getByRole("button", { name: /^Just write/ }).click();
  await expect(textbox(page)).toBeVisible();
}

async function paste(page: Page, html: string): Promise<void> {
  await textbox(page).evaluate((element, content) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", content);
    clipboardData.setData("text/plain", "plain");
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

test("a letter by keyboard: words, a list, a field, a link, a button; saved, tested, read", async ({ page }) => {
  await newLetter(page);
  await page.getByLabel("Subject").fill("News from the harbour");
  const text = textbox(page);
  await text.focus();
  const type = (words: string) => page.keyboard.type(words);
  const press = (key: string) => page.keyboard.press(key);

  await type("/large");
  await expect(page.getByRole("option", { name: "Large heading" })).toBeVisible();
  await press("Enter");
  await type("The atlas is out");
  await press("Enter");
  await type("Dear ");
  await type("/first");
  await press("Enter");
  await type(", it is ");
  await press("ControlOrMeta+b");
  await type("here");
  await press("ControlOrMeta+b");
  await type(". {{ not.liquid }} & <b>no tags</b>");
  await press("Enter");
  await type("- maps");
  await press("Enter");
  await type("harbours");
  await press("Enter");
  await press("Enter");
  await press("ControlOrMeta+k");
  await page.getByRole("dialog").getByLabel("Leads to").fill("example.com/atlas");
  await press("Enter");
  await expect(text.getByRole("link", { name: "example.com/atlas" })).toBeVisible();
  await press("Enter");
  await type("/button");
  await press("Enter");
  const button = page.getByRole("group", { name: "The selected button" });
  await button.getByLabel("Words on the button").fill("See it");
  await button.getByLabel("Leads to").fill("https://example.com/see");
  await expect(preview(page).getByRole("link", { name: "See it" })).toBeVisible();
  await expect(preview(page).getByRole("heading", { name: "The atlas is out" })).toBeVisible();
  await expect(preview(page).getByText("Dear Ada, it is here. {{ not.liquid }} & <b>no tags</b>")).toBeVisible();
  await saved(page, "https://example.com/see");

  await page.reload();
  await expect(text.getByText("harbours")).toBeVisible();
  await expect(text.locator(".merge-chip")).toHaveText("First name");
  await text.locator(".merge-chip").click();
  await page.getByRole("group", { name: "The selected field" }).getByLabel("If it is empty").fill("reader");
  await expect(text.locator(".merge-chip")).toHaveText("First name · reader");
  await saved(page, '"fallback":"reader"');

  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText(`${owner.email}: accepted by`)).toBeVisible();
  const mails = await byRecipient(await relay.accepted());
  const mail = mails.get(owner.email)?.[0];
  expect(mail?.subject).toContain("News from the harbour");
  expect(mail?.html).toMatch(/<strong> ?here<\/strong>/);
  expect(mail?.text).toContain("Dear Ada, it is here. {{ not.liquid }} & <b>no tags</b>");
  expect(mail?.text).toMatch(/\* maps\s+\* harbours/);
  expect(mail?.linkOf("See it")).toBe("https://example.com/see");
  expect(mail?.linkOf("example.com/atlas")).toBe("https://example.com/atlas");
  expect(mail?.text).toContain("20457 Hamburg");
});

test("what is pasted comes in clean, runs nothing, and can be taken back", async ({ page }) => {
  await newLetter(page);
  const text = textbox(page);
  await text.focus();
  // As Word writes it.
  await paste(
    page,
    `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
     <!--StartFragment--><p class="MsoNormal" style="color:black"><b>From Word</b><o:p></o:p></p>
     <p class="MsoListParagraphCxSpFirst" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span>&nbsp;&nbsp; </span></span>first</p>
     <p class="MsoListParagraphCxSpLast" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span>&nbsp;&nbsp; </span></span>second</p><!--EndFragment--></body></html>`,
  );
  await expect(text.locator("strong")).toHaveText("From Word");
  await expect(text.locator("li")).toHaveText(["first", "second"]);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(text).not.toContainText("From Word");
  // As Google Docs writes it: all of it inside of something bold that is not.
  await paste(
    page,
    `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700">bold</span><span style="font-weight:400"> and not</span></p></b>`,
  );
  await expect(text.locator("strong")).toHaveText("bold");
  await expect(text).toContainText("bold and not");
  await page.evaluate(() => Reflect.set(window, "ran", 0));
  await paste(
    page,
    `<p onclick="ran++">harmless</p><img src=x onerror="ran++"><script>ran++</script><a href="javascript:ran++">link</a><iframe srcdoc="<script>parent.ran++</script>"></iframe><svg onload="ran++"></svg>`,
  );
  await expect(text).toContainText("harmless");
  await expect(text.locator("img, script, iframe, svg, [onclick], a[href^='javascript']")).toHaveCount(0);
  expect(await page.evaluate(() => Reflect.get(window, "ran"))).toBe(0);
  await paste(page, `<p>${"much ".repeat(700_000)}</p>`);
  await expect(page.getByText("That is too much to paste at once.")).toBeVisible();
  await saved(page, "harmless");
});

test("the letter's editor is fine for axe, wide and on a phone", async ({ page }) => {
  await newLetter(page);
  await textbox(page).focus();
  await page.keyboard.type("/picture");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: "The selected picture" })).toBeVisible();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
});
