import { describe, expect, it } from "vitest";
import { isCurrentPlace } from "./console-nav.ts";

describe("the marked place in the navigation", () => {
  it("is Home only on Home itself", () => {
    expect(isCurrentPlace("/", "/")).toBe(true);
    expect(isCurrentPlace("/lists", "/")).toBe(false);
  });
  it("stays marked on pages below it", () => expect(isCurrentPlace("/lists/42/edit", "/lists")).toBe(true));
  it("is not fooled by a longer name", () => expect(isCurrentPlace("/lists-archive", "/lists")).toBe(false));
});
