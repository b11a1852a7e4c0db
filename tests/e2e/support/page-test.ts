import { writeFileSync } from "node:fs";
import { test as base, expect, type Page, type TestInfo } from "@playwright/test";
import type { Person } from "./installation.ts";

interface Watch {
  /** Lets a test that provokes an error say so: messages that match are expected. */
  expectConsoleError(pattern: RegExp): void;
}

/** Playwright's test, with pages that fail it on any console error or uncaught exception nobody expected. */
export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ context }, use, testInfo) => {
      // Mails are shown in frames without scripts, where Playwright tries to run its own.
      const expected: RegExp[] = [/^\S+ Blocked script execution in '\S+' because the document's frame is sandboxed/];
      const errors: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error")
          errors.push(`${message.page()?.url()}: ${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => errors.push(`${error.page()?.url()}: ${error.error().stack}`));
      await use({ expectConsoleError: (pattern) => expected.push(pattern) });
      if (testInfo.status !== "passed") return;
      const unexpected = errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
      expect(unexpected, "console errors").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Logs in by the form. */
export async function logIn(page: Page, baseUrl: string, { email, password }: Person): Promise<void> {
  await page.goto(`${baseUrl}/login`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Hello");
}

/** For a failed test: what the processes have said, beside Playwright's own traces. */
export async function attachOutput(stack: { output(): string } | undefined, testInfo: TestInfo): Promise<void> {
  if (testInfo.status === testInfo.expectedStatus || !stack) return;
  const path = testInfo.outputPath("processes.log");
  writeFileSync(path, stack.output());
  await testInfo.attach("output of the processes", { path, contentType: "text/plain" });
}
