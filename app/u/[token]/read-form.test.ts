import { expect, test } from "vitest";
import { readForm } from "./read-form.ts";

const post = (body: BodyInit | null, type?: string) =>
  readForm(
    new Request("https://example.com/u/x", { method: "POST", body, headers: type ? { "content-type": type } : {} }),
  );

const multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';

test.each([
  ["urlencoded", "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"],
  ["multipart", multipart, "multipart/form-data; boundary=b"],
])("one-click in %s form is read (RFC 8058)", async (_what, body, type) => {
  expect(await post(body, type)).toEqual(new Map([["List-Unsubscribe", "One-Click"]]));
});

test.each([
  ["no body", null, undefined],
  ["no type", "List-Unsubscribe=One-Click", ""],
  ["a type that lies", "not multipart", "multipart/form-data; boundary=b"],
  ["JSON", "{}", "application/json"],
  ["a file instead of a text", multipart.replace('unsubscribe"', 'unsubscribe"; filename="x"'), "text/plain"],
])("%s counts as an empty form: the request itself says enough", async (_what, body, type) => {
  expect(await post(body, type)).toEqual(new Map());
});

test("a body that is larger than any honest one is not read to its end", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 8192;
      controller.enqueue(new Uint8Array(8192));
    },
  });
  const request = new Request("https://example.com/u/x", {
    method: "POST",
    body: endless,
    duplex: "half",
  } as RequestInit);
  expect(await readForm(request)).toBeNull();
  expect(pulled).toBeLessThan(100_000);
});
