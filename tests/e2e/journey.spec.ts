import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { type Installation, organisation, owner, startInstallation } from "./support/installation.ts";
import { browserAgent, byRecipient, type ReadMail } from "./support/mails.ts";
import { attachOutput, expect, test } from "./support/page-test.ts";

/*
 * The first newsletter, from an empty installation to its report: a browser for the marketer, real workers, a real SMTP
 * server whose journal says what arrived, and plain requests for what readers do with their mails.
 */

/** Where the links in mails lead. Readers are sent to the running web instead. */
const publicUrl = "https://news.harbour-books.example";

let posthorn: Installation;
let relay: JournalSmtp;

test.beforeAll(async () => {
  relay = await startJournalSmtp({ flags: ["--keep-messages", "--auth", "olga:relay-password"] });
  posthorn = await startInstallation({ env: { PUBLIC_URL: publicUrl, CAMPAIGN_UNDO_SECONDS: "6" } });
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(async () => {
  await posthorn?.stop();
  await relay?.stop();
});

/** As a spreadsheet in Germany saves it. */
const people = Buffer.from(
  [
    "\uFEFFE-Mail;Vorname;Ort;Notiz",
    "grete@example.com;Grete;Altona;=1+2",
    "joerg@bücher.example;Jörg;Köln;",
    "li@example.com;;;",
    "GRETE@example.com;Grete;Altona;once more",
    'not-an-address;Niemand;;"=HYPERLINK(""http://example.com"")"',
    "",
  ].join("\r\n"),
);

const mjml = `<mjml><mj-body>
  <mj-section><mj-column>
    <mj-text>Moin {{ subscriber.first_name | default: "reader" }}, the new atlas from {{ subscriber.city | default: "here" }} is out.</mj-text>
    <mj-button href="https://example.com/atlas?from=mail&amp;lang=en">See the atlas</mj-button>
    <mj-text>Or <a href="https://example.com/opening-hours">come by</a>.</mj-text>
    <mj-text>{{ workspace.postal_address | newline_to_br }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
  </mj-column></mj-section>
</mj-body></mjml>`;

test("the first newsletter, from set-up to report", async ({ page }) => {
  const relayName = "Harbour relay";
  let campaignUrl = "";
  let mails = new Map<string, ReadMail[]>();
  const mailTo = (email: string): ReadMail => {
    const [mail, ...more] = mails.get(email) ?? [];
    if (!mail || more.length > 0) throw new Error(`${email} got ${more.length + (mail ? 1 : 0)} mails`);
    return mail;
  };

  await test.step("set up", async () => {
    const answer = await page.goto(posthorn.baseUrl);
    expect(answer?.headers()["strict-transport-security"]).toBe("max-age=31536000");
    await expect(page.getByRole("heading", { name: "Welcome to Posthorn" })).toBeVisible();
    await page.getByLabel("Your name").fill(owner.name);
    await page.getByLabel("E-mail address").fill(owner.email);
    await page.getByLabel("Password", { exact: true }).fill(owner.password);
    await page.getByLabel("Name of the organisation").fill(organisation.workspaceName);
    await page.getByLabel("Postal address").fill(organisation.postalAddress);
    await page.getByRole("combobox", { name: "Time zone" }).fill("Berlin");
    await page
      .getByRole("option", { name: /Berlin/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Create and start" }).click();
    await expect(page.getByRole("heading", { name: `Hello, ${owner.name}` })).toBeVisible();
    await expect(page.getByText("0 of 4 done.")).toBeVisible();
  });

  await test.step("connect a mail server", async () => {
    await page.goto(`${posthorn.baseUrl}/senders/new`);
    await page.getByLabel("Name", { exact: true }).fill(relayName);
    await page.getByLabel("Host").fill("127.0.0.1");
    await choose(page, "Encryption", "None (only inside your own network)");
    await page.getByLabel("Port").fill(String(relay.port));
    await page.getByLabel("User name").fill("olga");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByLabel("From address").fill("news@harbour-books.example");
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(page.getByText("The connection does not work.")).toBeVisible();
    await page.getByLabel("Password", { exact: true }).fill("relay-password");
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(page.getByText("The connection works. No mail was sent.")).toBeVisible();
    await page.getByRole("button", { name: "Add sender" }).click();
    await expect(page).toHaveURL(/\/senders$/);
    await expect(page.getByRole("row", { name: new RegExp(relayName) })).toContainText("Default");
  });

  await test.step("make a list", async () => {
    await page.getByRole("link", { name: "Lists", exact: true }).first().click();
    await page.getByRole("button", { name: "New list" }).first().click();
    await page.getByRole("dialog").getByLabel("Name").fill("Readers");
    await page.getByRole("button", { name: "Create list" }).click();
    await expect(page.getByRole("row", { name: /Readers/ })).toBeVisible();
  });

  await test.step("import people: columns, dry run, progress, refused rows", async () => {
    await page.goto(`${posthorn.baseUrl}/imports/new`);
    await page
      .getByLabel("Choose file")
      .last()
      .setInputFiles({ name: "Leser.csv", mimeType: "text/csv", buffer: people });
    await expect(page.getByRole("heading", { name: "What is in the columns?" })).toBeVisible();
    const fills = (column: string) => page.getByRole("combobox", { name: `What the column ${column} fills` });
    await expect(fills("E-Mail")).toContainText("E-mail address");
    await expect(fills("Vorname")).toContainText("First name");
    await expect(page.getByRole("row", { name: /Vorname/ })).toContainText("Grete · Jörg");
    await fills("Ort").click();
    await page.getByRole("option", { name: "New field…" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("City");
    await page.getByRole("button", { name: "Create field" }).click();
    await expect(fills("Ort")).toContainText("City");
    await expect(page.getByText("Please check the marked fields.")).toHaveCount(0);
    await pick(page, "Subscribe them to", "Readers");
    await page
      .getByLabel("How did these people agree to get your mails?")
      .fill("Signed up at the counter, 2025 and 2026.");
    await page.getByRole("checkbox", { name: /^All of them agreed/ }).check();
    await page.getByRole("button", { name: "Check the file" }).click();

    await expect(page.getByRole("heading", { name: "This is what will happen" })).toBeVisible();
    await expect(page.getByText("5 in all: every row of the file is counted once.")).toBeVisible();
    expect(await countOf("subscriber")).toBe(0);
    await page.getByRole("button", { name: "Import 3 people" }).click();
    await expect(page.getByRole("heading", { name: "Import finished" })).toBeVisible();
    for (const [what, count] of [
      ["New", "3"],
      ["Invalid", "1"],
      ["Twice in the file", "1"],
    ] as const) {
      await expect(
        page
          .locator("dl > div", { has: page.locator(`dt:text-is("${what}")`) })
          .locator("dd")
          .first(),
      ).toHaveText(count);
    }
    const refused = await downloaded(page, () => page.getByRole("link", { name: "Download refused rows" }).click());
    expect(refused.split("\r\n").map((row) => row.split(",")[0])).toEqual(["\uFEFFline", "5", "6", ""]);
    // A spreadsheet would run it without the apostrophe.
    expect(refused).toContain(`"'=HYPERLINK(""http://example.com"")"`);
    await page.getByRole("link", { name: "Show the people" }).click();
    await expect(page.getByRole("row", { name: /joerg@bücher.example/ })).toContainText("Jörg");
    expect(await countOf("subscriber")).toBe(3);
  });

  await test.step("write a campaign from a starter, saved from the first key", async () => {
    await page.goto(`${posthorn.baseUrl}/campaigns/new`);
    await page.getByRole("button", { name: /^MJML code/ }).click();
    await expect(page).toHaveURL(/\/campaigns\/[0-9a-f-]{36}$/);
    campaignUrl = page.url();
    await page.getByLabel("Name of the campaign").fill("The new atlas");
    await page.getByLabel("Subject").fill('{{ subscriber.first_name | default: "Reader" }}, the new atlas is out');
    await page.getByLabel("Preview text").fill("Forty maps of a coast that moves");
    await replaceSource(page, mjml);
    await saved(page);
    const preview = page.frameLocator("iframe[title='Preview of the mail']");
    await expect(preview.getByText("See the atlas")).toBeVisible();
    await expect(page.getByText("No problems found.")).toBeVisible();
    await page.reload();
    await expect(page.getByLabel("Preview text")).toHaveValue("Forty maps of a coast that moves");
    await expect(page.locator(".cm-content")).toContainText("the new atlas from");
  });

  await test.step("choose whom it goes to", async () => {
    await page.getByRole("tab", { name: "Recipients" }).click();
    await pick(page, "Send to these lists", "Readers");
    await expect(page.getByText("Will get this mail now")).toBeVisible();
    await saved(page);
  });

  await test.step("send a test to me, through the test inbox", async () => {
    await page.getByRole("tab", { name: "Sending" }).click();
    await choose(page, "Sender", "Test inbox");
    await saved(page);
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send test" }).click();
    await expect(page.getByText(`${owner.email}: accepted by`)).toBeVisible();
    await page.getByRole("dialog").getByRole("link", { name: "Open the test inbox" }).click();
    await page.getByRole("link", { name: "[Test]" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("the new atlas is out");
    await expect(page.frameLocator("iframe[title='HTML of the mail']").getByText("See the atlas")).toBeVisible();
    await page.getByRole("tab", { name: "Text" }).click();
    await expect(page.getByRole("tabpanel")).toContainText("1 Harbour Street");
    await page.getByRole("tab", { name: "Headers" }).click();
    await expect(page.getByRole("tabpanel")).toContainText(owner.email);
  });

  await test.step("review, and take the launch back within the seconds", async () => {
    await page.goto(campaignUrl);
    await page.getByRole("tab", { name: "Sending" }).click();
    await choose(page, "Sender", `Default (${relayName})`);
    await saved(page);
    await page.getByRole("button", { name: "Review" }).click();
    await expect(page.getByText("3 recipients", { exact: true })).toBeVisible();
    await expect(page.locator("[data-state=blocked]")).toHaveCount(0);
    await expect(page.getByText("Links lead to https://news.harbour-books.example")).toBeVisible();
    await page.getByRole("button", { name: "Send to 3 people" }).click();
    await expect(page.getByText(/Starts in \d s/)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("button", { name: "Review" })).toBeVisible();
    expect(await relay.accepted()).toEqual([]);
  });

  await test.step("launch it, and see it go out", async () => {
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("button", { name: "Send to 3 people" }).click();
    await expect(page.getByText(/Starts in \d s/)).toBeVisible();
    await expect(page.locator("[data-campaign-status=finished]")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("3 of 3")).toBeVisible();
    mails = await byRecipient(await relay.accepted());
    expect([...mails.keys()].sort()).toEqual(
      ["grete@example.com", "joerg@bücher.example", "li@example.com"].map(wire).sort(),
    );
  });

  await test.step("every mail carries what it has to", () => {
    const mail = mailTo("grete@example.com");
    expect(mail.subject).toBe("Grete, the new atlas is out");
    expect(mail.header("From")).toBe("Harbour Books <news@harbour-books.example>");
    expect(mail.header("List-Unsubscribe")).toMatch(new RegExp(`^<${publicUrl}/u/[\\w-]+>$`));
    expect(mail.header("List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
    expect(mail.header("List-Id")).toContain("Harbour Books");
    expect(mail.text).toContain("Moin Grete, the new atlas from Altona is out.");
    expect(mail.html).toContain("20457 Hamburg");
    expect(mail.html).not.toContain("{{");
    expect(mail.html).not.toContain("https://example.com/atlas");
  });

  const link = (email: string, words: string) => atHome(mailTo(email).linkOf(words));
  await test.step("readers open, click and leave", async () => {
    // Nobody reads a mail that is still on its way: hits of the first two seconds count as machines.
    await expect
      .poll(async () => {
        const { rows } = await posthorn.pool.query(
          "select max(settled_at) < now() - interval '3 s' as rested from attempt",
        );
        return rows[0].rested;
      })
      .toBe(true);

    const clicked = await read(link("grete@example.com", "See the atlas"));
    expect(clicked.status).toBe(302);
    expect(clicked.headers.get("location")).toBe("https://example.com/atlas?from=mail&lang=en");
    await read(link("grete@example.com", "See the atlas"));
    const pixel = await read(atHome(mailTo("grete@example.com").pixel() ?? ""));
    expect(pixel.headers.get("content-type")).toBe("image/gif");
    await read(atHome(mailTo("li@example.com").pixel() ?? ""));
    await read(link("li@example.com", "come by"), { headers: { "user-agent": "python-requests/2.32" } });

    // The page of the link in the mail, which acts on its button only.
    await page.goto(link("li@example.com", "Unsubscribe"));
    await expect(page.getByText("This is about li@example.com.")).toBeVisible();
    await expect(page.getByRole("listitem")).toHaveText("Readers");
    expect(await standingOf("li@example.com")).toBe("subscribed");
    await page.getByRole("button", { name: "Unsubscribe", exact: true }).click();
    await expect(page.getByRole("heading", { name: "You are unsubscribed" })).toBeVisible();
    expect(await standingOf("li@example.com")).toBe("unsubscribed");

    // The button of a mail program (RFC 8058).
    const oneClick = mailTo(wire("joerg@bücher.example")).header("List-Unsubscribe").slice(1, -1);
    const answer = await read(atHome(oneClick), {
      method: "POST",
      body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    });
    expect([answer.status, await answer.text()]).toEqual([200, "Unsubscribed\n"]);
    expect(await standingOf("joerg@bücher.example")).toBe("unsubscribed");
  });

  await test.step("the report says what happened, and so does its file", async () => {
    await page.goto(`${campaignUrl}/report`);
    const stat = (label: string) =>
      page
        .getByLabel("The numbers at a glance")
        .locator("div", { has: page.locator(`dt:text-is("${label}")`) })
        .locator("dd")
        .first();
    await expect(stat("Accepted by the mail server")).toHaveText("3");
    await expect(stat("Opened")).toHaveText("2");
    await expect(stat("Clicked")).toHaveText("1");
    await expect(stat("Unsubscribed")).toHaveText("2");
    const atlas = page.getByRole("row", { name: /example\.com\/atlas/ });
    await expect(atlas.getByRole("cell").nth(1)).toHaveText("1");
    await expect(atlas.getByRole("cell").nth(3)).toHaveText("2");

    await page.getByRole("button", { name: "Machines" }).click();
    await expect(stat("Opened")).toHaveText("0");
    await expect(stat("Clicked")).toHaveText("1");

    await page.getByRole("link", { name: "Recipients", exact: true }).click();
    await expect(page.getByRole("row", { name: /grete@example.com/ })).toContainText("Clicked");
    const file = await downloaded(page, () => page.getByRole("link", { name: "Download as CSV" }).click());
    const rows = file.trimEnd().split("\r\n");
    expect(rows[0]).toMatch(/^\uFEFFemail,name,state,/);
    expect(
      rows
        .slice(1)
        .map((row) => row.split(",")[0])
        .sort(),
    ).toEqual(["grete@example.com", "joerg@bücher.example", "li@example.com"]);
    expect(file).toMatch(/^grete@example\.com,Grete,sent,/m);
  });

  await test.step("the next campaign leaves out who has left", async () => {
    await page.goto(campaignUrl);
    await page.getByRole("button", { name: "Duplicate" }).click();
    await expect(page.getByLabel("Name of the campaign")).toHaveValue("Copy of The new atlas");
    await page.getByRole("tab", { name: "Sending" }).click();
    await choose(page, "Sender", "Test inbox");
    await saved(page);
    await page.getByRole("button", { name: "Review" }).click();
    await expect(page.getByText("1 recipient", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Send to 1 person" }).click();
    await expect(page.locator("[data-campaign-status=finished]")).toBeVisible({ timeout: 60_000 });
    await page.getByRole("link", { name: "Report" }).click();
    await expect(page.getByLabel("The numbers at a glance").locator("dd").first()).toHaveText("1");
    await page.goto(`${posthorn.baseUrl}/inbox`);
    await expect(page.getByRole("row", { name: /grete@example.com/ })).toHaveCount(1);
    await expect(page.getByRole("row", { name: /li@example.com/ })).toHaveCount(0);
    expect((await relay.accepted()).length).toBe(3);
  });
});

async function downloaded(page: Page, press: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent("download");
  await press();
  return readFileSync(await (await download).path(), "utf8");
}

async function countOf(table: string): Promise<number> {
  const { rows } = await posthorn.pool.query(`select count(*)::int as count from "${table}"`);
  return rows[0].count;
}

/** The same request to the web that runs here. */
function atHome(url: string): string {
  expect(url).toContain(publicUrl);
  return url.replace(publicUrl, posthorn.baseUrl);
}

function read(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: "manual", ...init, headers: { "user-agent": browserAgent, ...init.headers } });
}

/** As it stands in the SMTP envelope: the domain in A-labels. */
function wire(email: string): string {
  const [local, domain = ""] = email.split("@");
  return `${local}@${new URL(`http://${domain}`).hostname}`;
}

async function standingOf(email: string): Promise<string> {
  const { rows } = await posthorn.pool.query(
    "select status from subscription join subscriber s on s.id = subscriber_id where s.email = $1",
    [email],
  );
  return rows[0]?.status;
}

async function saved(page: Page): Promise<void> {
  await expect(page.locator("[data-save-state]")).toHaveAttribute("data-save-state", "saved");
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

async function pick(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(option);
  await page.getByRole("option", { name: option }).click();
  // Tab closes the list; Escape would empty a field whose list is closed already.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: `Remove ${option}` })).toBeVisible();
}

async function replaceSource(page: Page, source: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(source);
}
