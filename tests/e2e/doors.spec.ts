import { newId } from "#lib/ids.ts";
import { signToken } from "#lib/tokens.ts";
import { type Installation, organisation, owner, setUpOwner, startInstallation } from "./support/installation.ts";
import { attachOutput, expect, logIn, test } from "./support/page-test.ts";

/* Who gets in: the first owner once, then people with a password, and nobody by a link that was tampered with. */

test.describe.configure({ mode: "serial" });

let posthorn: Installation;

test.beforeAll(async () => {
  posthorn = await startInstallation({ workers: 0, inbox: false });
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(() => posthorn?.stop());

test("the set-up says which fields it cannot take, and keeps what was typed", async ({ page }) => {
  await page.goto(posthorn.baseUrl);
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel("Your name").fill(owner.name);
  await page.getByLabel("E-mail address").fill("olga@");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create and start" }).click();
  await expect(page.getByText("This is not an e-mail address.")).toBeVisible();
  await expect(page.getByText("Please use at least 10 characters.")).toBeVisible();
  await expect(page.getByText("Please fill this in.")).toHaveCount(2);
  await expect(page.getByLabel("Your name")).toHaveValue(owner.name);
  await expect(page.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
});

test("while the set-up is open, every other door leads there", async ({ page }) => {
  for (const path of ["/login", "/campaigns", "/settings"]) {
    await page.goto(posthorn.baseUrl + path);
    await expect(page).toHaveURL(/\/setup$/);
  }
});

test("the set-up is closed for ever afterwards, also for a form that was open before", async ({ page }) => {
  await page.goto(`${posthorn.baseUrl}/setup`);
  await page.getByLabel("Your name").fill("Mallory");
  await page.getByLabel("E-mail address").fill("mallory@example.com");
  await page.getByLabel("Password", { exact: true }).fill("let me in, please");
  await page.getByLabel("Name of the organisation").fill("Mallory’s");
  await page.getByLabel("Postal address").fill("Nowhere 1");
  await setUpOwner(posthorn.db);
  await page.getByRole("button", { name: "Create and start" }).click();
  await expect(page.getByText("This installation is set up already. Please log in.")).toBeVisible();
  await page.goto(`${posthorn.baseUrl}/setup`);
  await expect(page).toHaveURL(/\/login$/);
  const { rows } = await posthorn.pool.query('select email from "user"');
  expect(rows).toEqual([{ email: owner.email }]);
});

test("a wrong password and an unknown address are refused with the same words", async ({ page }) => {
  await page.goto(`${posthorn.baseUrl}/login`);
  for (const email of [owner.email, "nobody@example.com"]) {
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Log in" }).click();
    await answered;
    await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
  }
  await expect(page).toHaveURL(/\/login$/);
});

test("log in, change the password, log out: the old password is worthless then", async ({ page, browser }) => {
  await logIn(page, posthorn.baseUrl, owner);
  const elsewhere = await browser.newPage();
  await logIn(elsewhere, posthorn.baseUrl, owner);

  const changed = { ...owner, password: "a lighthouse in the fog" };
  await page.goto(`${posthorn.baseUrl}/settings/account`);
  await page.getByLabel("Current password").fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill(changed.password);
  await page.getByLabel("New password again").fill("a lighthouse in the dark");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The two passwords differ.")).toBeVisible();
  await page.getByLabel("New password again").fill(changed.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The current password is wrong.")).toBeVisible();
  await page.getByLabel("Current password").fill(owner.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed. Your other sessions have ended.")).toBeVisible();

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login$/);
  await elsewhere.close();

  await page.getByRole("button", { name: `Your account: ${owner.name}` }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/login$/);
  await page.goto(`${posthorn.baseUrl}/settings`);
  await expect(page).toHaveURL(/\/login$/);
  await logIn(page, posthorn.baseUrl, changed);
  await expect(page.getByText(organisation.workspaceName).first()).toBeVisible();
});

test("every page carries its defensive headers, and no script runs that we did not write", async ({ request }) => {
  const answers = [await request.get(`${posthorn.baseUrl}/login`), await request.get(`${posthorn.baseUrl}/login`)];
  const policies = answers.map((answer) => answer.headers()["content-security-policy"] ?? "");
  const nonces = policies.map((policy) => /script-src 'self' 'nonce-([^']+)' 'strict-dynamic';/.exec(policy)?.[1]);
  expect(nonces[0]).toBeTruthy();
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(policies[0]).not.toMatch(/script-src[^;]*unsafe/);
  expect(policies[0]).toContain("frame-ancestors 'none'");
  expect(answers[0]?.headers()).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  });
  expect(answers[0]?.headers()["x-powered-by"]).toBeUndefined();
});

test("a tampered link is a page that says so: never a redirect, never a change", async ({ page, watch }) => {
  watch.expectConsoleError(/404 \(Not Found\)/);
  const [workspaceNumber, messageId] = [1, newId()];
  const click = signToken({ purpose: "click", workspaceNumber, messageId, linkPosition: 0 });
  const unsubscribe = signToken({
    purpose: "unsubscribe",
    workspaceNumber,
    subscriberId: newId(),
    campaignId: newId(),
  });
  const changed = (token: string, at: number) =>
    token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
  const tampered = [
    `/c/${changed(click, 12)}`,
    `/c/${click}A`,
    `/c/${unsubscribe}`,
    // Genuine, and of a mail that was never sent.
    `/c/${click}`,
    `/o/${click}`,
    `/u/${click}`,
    `/u/${changed(unsubscribe, 20)}`,
    "/c/https:%2F%2Fevil.example",
    "/c/%00",
  ];
  for (const path of tampered) {
    for (const method of path.startsWith("/u/") ? ["GET", "POST"] : ["GET"]) {
      const answer = await fetch(posthorn.baseUrl + path, { method, redirect: "manual" });
      expect([path, method, answer.status, answer.headers.get("location")]).toEqual([path, method, 404, null]);
    }
  }
  await page.goto(`${posthorn.baseUrl}/u/${changed(unsubscribe, 20)}`);
  await expect(page.getByRole("heading", { name: "This link is not valid" })).toBeVisible();
});
