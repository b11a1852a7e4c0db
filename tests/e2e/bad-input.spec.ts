import type { Page } from "@playwright/test";
import { may } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { makeDraft, soundMjml } from "#tests/support/campaign-fixtures.ts";
import { pages } from "./support/doors.ts";
import { type Furniture, furnish } from "./support/furnished.ts";
import {
  addMember,
  type Installation,
  logInByApi,
  owner,
  setUpOwner,
  startInstallation,
} from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/* What people get wrong in the browser: each gets words that say what to do, and nothing they did is lost. */

const mostBytes = 200_000;

let posthorn: Installation;
let scope: Scope;
let furniture: Furniture;

test.beforeAll(async () => {
  posthorn = await startInstallation({ workers: 0, inbox: false, env: { IMPORT_MAX_BYTES: String(mostBytes) } });
  scope = await setUpOwner(posthorn.db);
  furniture = await furnish(posthorn, scope, await logInByApi(posthorn.db, owner));
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(() => posthorn?.stop());

test("a file that is no list of people is refused with what to do instead", async ({ page, watch }) => {
  // The browser notes the refused request.
  watch.expectConsoleError(/\/api\/imports\b|422|413/);
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/imports/new`);
  const files: Array<[name: string, content: Buffer, words: string]> = [
    [
      "people.csv",
      Buffer.from("PK\u0003\u0004\u0014\u0000\u0006\u0000[Content_Types].xml xl/workbook.xml", "latin1"),
      "save it as “CSV UTF-8”",
    ],
    ["people.csv", Buffer.from("%PDF-1.7\n%âãÏÓ\n1 0 obj", "latin1"), "This is a PDF."],
    ["people.csv", Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"), "This is a picture."],
    ["people.csv", Buffer.from("<!doctype html><html><body>Log in</body></html>"), "This is a web page."],
    ["people.csv", Buffer.alloc(0), "This file is empty."],
    ["people.csv", Buffer.from("email,name\n"), "a header row and nobody below it"],
    ["people.csv", Buffer.alloc(mostBytes + 1, "a"), "This file is larger than"],
  ];
  for (const [name, buffer, words] of files) {
    await page.getByLabel("Choose file").last().setInputFiles({ name, mimeType: "text/csv", buffer });
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByRole("button", { name: "Choose file" }).first()).toBeVisible();
  }
  const { rows } = await posthorn.pool.query("select count(*)::int as count from import");
  expect(rows[0].count, "only the one that was there").toBe(1);
});

test("an import asks for what is missing, field by field", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/imports/${furniture.import}`);
  await page.getByRole("button", { name: "Check the file" }).click();
  await expect(page.getByText("Please choose at least one list.")).toBeVisible();
  await expect(page.getByText("Please say in a sentence how these people agreed")).toBeVisible();
  await expect(page.getByText("Please confirm this.")).toBeVisible();
});

test("a wrong address is refused with what is wrong about it", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/subscribers`);
  await page.getByRole("button", { name: "Add person" }).first().click();
  const dialog = page.getByRole("dialog");
  const add = dialog.getByRole("button", { name: "Add person" });
  await dialog.getByLabel("First name").fill("Bertha");
  for (const [email, words] of [
    ["bertha.example.com", "there is no @ in it"],
    ["bertha@", "the part after the @ is not a domain name"],
    ["a@example.com, b@example.com", "Please enter one address only."],
    ["ADA@Example.com", "Somebody with this address is already here."],
  ] as const) {
    await dialog.getByLabel("E-mail address").fill(email);
    await add.click();
    await expect(dialog.getByText(words)).toBeVisible();
  }
  await expect(dialog.getByLabel("First name")).toHaveValue("Bertha");
});

test("broken MJML and broken Liquid are shown with their line", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/templates/${furniture.template}`);
  await replaceSource(
    page,
    "<mjml>\n<mj-body>\n<mj-section>\n<mj-colum></mj-colum>\n</mj-section>\n</mj-body>\n</mjml>",
  );
  await expect(page.getByText(/mj-colum/).last()).toBeVisible();
  await expect(page.getByRole("button", { name: "Line 4" }).first()).toBeVisible();
  await page.getByRole("button", { name: "Line 4" }).first().click();
  await expect(page.locator(".cm-activeLine")).toContainText("mj-colum");

  await replaceSource(page, soundMjml.replace("{{ subscriber.first_name", "{{ subscriber.first_name | no_such_filter"));
  await expect(page.getByText(/no_such_filter/).last()).toBeVisible();
  await replaceSource(page, soundMjml.replace("Hello {{", "Hello {% if x %}{{"));
  await expect(page.getByText("Problem:").first()).toBeAttached();
  // What was typed is kept all the same: a draft may be broken.
  await expect(page.locator("[data-save-state]")).toHaveAttribute("data-save-state", "saved");
  await replaceSource(page, soundMjml);
  await expect(page.getByText("Problem:")).toHaveCount(0);
});

test("a launch is refused, in words, for everything that would make a bad mail", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  const { db, pool } = posthorn;
  const review = async (patch: Parameters<typeof makeDraft>[3], listId: string | null = furniture.list) => {
    const { id } = await makeDraft(db, scope, listId, patch);
    await page.goto(`${posthorn.baseUrl}/campaigns/${id}/review`);
  };
  const blocks = async (words: string) => {
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByText("Some checks keep this back.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^Send to/ })).toBeDisabled();
  };

  await review({});
  await expect(page.getByRole("button", { name: "Send to 1 person" })).toBeEnabled();
  await review({ subject: "" });
  await blocks("The subject is empty.");
  await review({ fromEmail: "" });
  await blocks("There is no From address.");
  await review({}, null);
  await blocks("No list is chosen.");
  await review({ fromEmail: "a@example.com, b@example.com" });
  await blocks("is not one e-mail address.");
  await review({ endsAt: new Date(Date.now() - 60_000).toISOString() });
  await blocks("The time after which nothing is sent has passed before the start.");
  await review({
    content: { kind: "mjml", v: 1, source: soundMjml.replace("{{ unsubscribe_url }}", "https://example.com") },
  });
  await blocks("Not everybody finds an unsubscribe link.");
  await review({ content: { kind: "mjml", v: 1, source: soundMjml.replace("{{ workspace.postal_address }}", "") } });
  await blocks("The mail does not show your postal address.");
  await review({ content: { kind: "mjml", v: 1, source: soundMjml.replace("</mj-column>", "") } });
  await blocks("of the content has a problem");
  // Links would lead to this machine, which no reader can reach.
  await review({ senderId: furniture.sender });
  await blocks(`Links would lead to ${posthorn.baseUrl}, which is nobody’s machine but yours.`.replace("’", "'"));

  await pool.query("update workspace set postal_address = ''");
  await review({});
  await blocks("This workspace has no postal address");
  await pool.query("update workspace set postal_address = 'Harbour Street 1'");
  await pool.query("update subscription set status = 'unsubscribed'");
  await review({});
  await blocks("Nobody on these lists may be mailed.");
  await pool.query("update subscription set status = 'subscribed'");
});

test("of two people who edit one campaign, the second is told, and nothing is lost", async ({ page, context }) => {
  await logIn(page, posthorn.baseUrl, owner);
  const { id } = await makeDraft(posthorn.db, scope, furniture.list);
  const second = await context.newPage();
  for (const one of [page, second]) await one.goto(`${posthorn.baseUrl}/campaigns/${id}`);
  await page.getByLabel("Subject").fill("What the first wrote");
  await expect(page.locator("[data-save-state]")).toHaveAttribute("data-save-state", "saved");
  await second.getByLabel("Subject").fill("What the second wrote");
  await expect(second.getByText("Somebody else edited this while you did")).toBeVisible();
  await expect(second.getByLabel("Subject")).toHaveValue("What the second wrote");
  await second.getByRole("button", { name: "Save mine over theirs" }).click();
  await expect(second.locator("[data-save-state]")).toHaveAttribute("data-save-state", "saved");
  await page.reload();
  await expect(page.getByLabel("Subject")).toHaveValue("What the second wrote");
});

test("a sender that cannot be reached is explained", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/senders/${furniture.sender}`);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("The connection does not work.")).toBeVisible();
  await expect(page.getByText(/Connect\b/).first()).toBeVisible();
});

test("somebody who may only look finds nothing to press that changes something", async ({ page }) => {
  test.slow();
  const viewer = { name: "Vera Viewer", email: "vera@example.com", password: "looking at the harbour" };
  const viewerScope = await addMember(posthorn.db, scope.workspaceId, "viewer", viewer);
  await logIn(page, posthorn.baseUrl, viewer);
  // “More for …” of a sent campaign leads a viewer to its report.
  const changing =
    /^(New|Add|Import|Edit|Save|Delete|Remove|Archive|Restore|Duplicate|Rename|Send|Schedule|Pause|Resume|Cancel|Undo|Use in|Create|Check|Block|Load|Make default|Test connection|Download|Subscribe|Unsubscribe|Actions for|More about)\b/;
  const found: string[] = [];
  for (const [file, door] of Object.entries(pages(furniture))) {
    // Everybody changes their own password.
    if (!file.startsWith("(console)") || door.path === "/settings/account") continue;
    if (door.needs === "anybody" || !may(viewerScope, door.needs)) continue;
    await page.goto(posthorn.baseUrl + door.path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const main = page.getByRole("main");
    for (const role of ["button", "link"] as const) {
      for (const name of await main.getByRole(role, { name: changing }).allTextContents())
        found.push(`${door.path}: ${name}`);
    }
    const fields = await main
      .locator("input:enabled:not([type=search]), textarea:enabled, [contenteditable=true]")
      .count();
    if (fields > 0 && door.path.startsWith("/settings")) found.push(`${door.path}: ${fields} fields`);
  }
  expect(found).toEqual([]);
});

async function replaceSource(page: Page, source: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(source);
}
