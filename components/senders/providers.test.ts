import { expect, test } from "vitest";
import { portAfter, providerKeys, providerOf, providers } from "./providers.ts";

test("every provider is known again by its host, also in another region", () => {
  for (const key of providerKeys) expect(providerOf(providers[key].host)).toBe(key);
  expect(providerOf("email-smtp.us-east-1.amazonaws.com")).toBe("ses");
  expect(providerOf("smtp.eu.mailgun.org")).toBe("mailgun");
  expect(providerOf("smtp.example.com")).toBe("own");
});

test("the port follows the encryption only when it was a usual one", () => {
  expect(portAfter("587", "implicit")).toBe("465");
  expect(portAfter("465", "starttls")).toBe("587");
  expect(portAfter("2525", "implicit")).toBe("2525");
});
