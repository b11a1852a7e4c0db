import { startTestDns, type TestDns } from "#tests/support/dns-server.ts";
import { addMember, type Installation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/* A sending domain from its name to its signature, with a DNS server of our own. */

let posthorn: Installation;
let dns: TestDns;
const viewer = { name: "Vera", email: "vera@example.com", password: "the password of vera" };

test.beforeAll(async () => {
  dns = await startTestDns();
  posthorn = await startInstallation({ workers: 0, inbox: false, env: { DNS_SERVERS: `127.0.0.1:${dns.port}` } });
  const scope = await setUpOwner(posthorn.db);
  await addMember(posthorn.db, scope.workspaceId, "viewer", viewer);
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(async () => {
  await posthorn?.stop();
  await dns?.stop();
});

test("a domain is added, its record copied into DNS, and its mails are signed from then on", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, owner);
  await page.goto(`${posthorn.baseUrl}/domains`);
  await page.getByRole("button", { name: "Add domain" }).click();
  const dialog = page.getByRole("dialog");
  for (const [text, words] of [
    ["192.0.2.1", "This is an IP address."],
    ["localhost", "This is only a part of a domain."],
    ["co.uk", "Others have their domains under this ending"],
  ] as const) {
    await dialog.getByLabel("Domain", { exact: true }).fill(text);
    await dialog.getByRole("button", { name: "Add domain" }).click();
    await expect(dialog.getByText(words)).toBeVisible();
  }
  await dialog.getByLabel("Domain", { exact: true }).fill("https://Acme-Coffee.com/shop");
  await dialog.getByRole("button", { name: "Add domain" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("acme-coffee.com");

  // The first look is taken without being asked for.
  const record = page.locator('[data-record="dkim"]');
  await expect(record).toHaveAttribute("data-state", "missing");
  const name = await record.getByLabel("Name of the record DKIM signature", { exact: true }).inputValue();
  const value = await record.getByLabel("Value of the record DKIM signature", { exact: true }).inputValue();
  dns.zone.set(`${name}.acme-coffee.com`, { TXT: [value] });
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText("The key is in DNS: mails are signed from now on")).toBeVisible();
  await expect(record).toHaveAttribute("data-state", "ok");
  await expect(page.getByRole("switch", { name: /Sign mails/ })).toBeChecked();

  await page.getByRole("button", { name: "More about acme-coffee.com" }).click();
  await page.getByRole("menuitem", { name: "Make new keys" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Make new keys" }).click();
  await expect(page.locator('[data-record="dkim_next"]')).toBeVisible();
  await page.getByRole("button", { name: "Throw the new keys away" }).click();
  await expect(page.locator('[data-record="dkim_next"]')).toHaveCount(0);

  await page.getByRole("button", { name: "Set up bounce domain" }).click();
  await expect(dialog.getByLabel("Bounce domain")).toHaveValue("bounces.acme-coffee.com");
  await dialog.getByLabel("Bounce domain").fill("bounces.example.org");
  await dialog.getByLabel("Mail server").fill("mx.acme-coffee.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("The bounce domain has to be a name under acme-coffee.com")).toBeVisible();
  await dialog.getByLabel("Bounce domain").fill("bounces.acme-coffee.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("[data-bounces]")).toHaveAttribute("data-bounces", "waiting");
  const mx = page.locator('[data-record="bounces_mx"]');
  await expect(mx).toHaveAttribute("data-state", "missing");
  await expect(mx.getByRole("textbox", { name: "Value of the record Bounces: MX" })).toHaveValue("mx.acme-coffee.com");
  dns.zone.set("bounces.acme-coffee.com", { MX: ["mx.acme-coffee.com"] });
  dns.zone.set("mx.acme-coffee.com", { A: ["192.0.2.25"] });
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText("Mails come back to the bounce domain from now on")).toBeVisible();
  await expect(page.locator("[data-bounces]")).toHaveAttribute("data-bounces", "used");
  await page.getByRole("button", { name: "Stop using it" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Stop using it" }).click();
  await expect(mx).toHaveCount(0);

  await page.getByRole("button", { name: "More about acme-coffee.com" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(page.getByText("No sending domain yet")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: "acme-coffee.com" })).toBeVisible();
});

test("who may only look sees the records and no buttons", async ({ page }) => {
  await logIn(page, posthorn.baseUrl, viewer);
  await page.goto(`${posthorn.baseUrl}/domains`);
  await expect(page.getByRole("button", { name: "Add domain" })).toHaveCount(0);
  await page.getByRole("link", { name: "acme-coffee.com" }).click();
  await expect(page.locator('[data-record="dkim"]')).toBeVisible();
  await expect(page.getByRole("button", { name: "Check now" })).toHaveCount(0);
  await expect(page.getByRole("switch", { name: /Sign mails/ })).toBeDisabled();
});
