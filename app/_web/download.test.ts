import { expect, test } from "vitest";
import { download } from "./download.ts";

test.each(['a";x="y', "ä ö.pdf", "x\r\nSet-Cookie: a=b", "it's (1)!*.txt", "\ud800.bin"])(
  "a file called %j is saved under a name that cannot leave its header",
  (name) => {
    const headers = download(Buffer.from("x"), name, "text/html").headers;
    expect(headers.get("content-disposition")).toMatch(
      /^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[A-Za-z0-9._~%$&+^`|#{}-]*$/,
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("sandbox");
  },
);
