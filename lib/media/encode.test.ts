import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodePicture } from "./encode.ts";

const limits = { maxMegapixels: 64 };

function plain(width: number, height: number, alpha = false) {
  const background = alpha ? { r: 200, g: 40, b: 40, alpha: 0.5 } : { r: 200, g: 40, b: 40 };
  return sharp({ create: { width, height, channels: alpha ? 4 : 3, background } });
}

/** Three frames of noise. */
function animation(format: "gif" | "webp", width = 40, height = 30, frames = 3) {
  const raw = Buffer.alloc(width * height * frames * 3, 0).map((_, at) => (at * 7) % 251);
  const picture = sharp(raw, { raw: { width, height: height * frames, channels: 3, pageHeight: height } });
  return (format === "gif" ? picture.gif({ delay: [100, 100, 100] }) : picture.webp()).toBuffer();
}

describe("what is taken", () => {
  test("a JPEG from a phone is turned upright, made no wider than 1600 px and loses its metadata", async () => {
    const file = await plain(3000, 2000)
      .withExif({ IFD0: { Copyright: "somebody", ImageDescription: "at home" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(file).metadata()).orientation).toBe(6);
    const made = await encodePicture(file, limits);
    expect(made).toMatchObject({ mediaType: "image/jpeg", width: 1600, height: 2400, frames: 1 });
    const facts = await sharp(made.bytes).metadata();
    expect([facts.width, facts.height]).toEqual([1600, 2400]);
    expect([facts.exif, facts.xmp, facts.icc, facts.orientation]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("a small picture is not enlarged", async () => {
    const made = await encodePicture(await plain(120, 80).png().toBuffer(), limits);
    expect(made).toMatchObject({ mediaType: "image/png", width: 120, height: 80 });
  });

  test.each([
    ["webp", false, "image/jpeg"],
    ["webp", true, "image/png"],
    ["avif", false, "image/jpeg"],
    ["avif", true, "image/png"],
    ["gif", false, "image/png"],
    ["png", true, "image/png"],
  ] as const)("%s (see-through: %s) becomes %s, which every mail client shows", async (format, alpha, mediaType) => {
    const made = await encodePicture(await plain(60, 40, alpha).toFormat(format).toBuffer(), limits);
    expect(made).toMatchObject({ mediaType, width: 60, height: 40, frames: 1 });
    if (format !== "gif") expect((await sharp(made.bytes).metadata()).hasAlpha).toBe(alpha);
  });

  test.each(["gif", "webp"] as const)("an animated %s goes on moving, as GIF", async (format) => {
    const made = await encodePicture(await animation(format), limits);
    expect(made).toMatchObject({ mediaType: "image/gif", width: 40, height: 30, frames: 3 });
    expect(await sharp(made.bytes, { animated: true }).metadata()).toMatchObject({ pages: 3, pageHeight: 30 });
  });

  test("a CMYK picture comes out in the colours of screens", async () => {
    const file = await plain(50, 50).toColourspace("cmyk").jpeg().toBuffer();
    const made = await encodePicture(file, limits);
    expect(await sharp(made.bytes).metadata()).toMatchObject({ space: "srgb", channels: 3 });
  });

  test("a part is cut out and scaled, of every frame when it moves", async () => {
    const still = await encodePicture(await plain(800, 600).jpeg().toBuffer(), limits, {
      crop: { left: 100, top: 50, width: 400, height: 200 },
      width: 200,
    });
    expect(still).toMatchObject({ width: 200, height: 100 });
    const moving = await encodePicture(await animation("gif"), limits, {
      crop: { left: 10, top: 5, width: 20, height: 10 },
      width: 10,
    });
    expect(moving).toMatchObject({ mediaType: "image/gif", width: 10, height: 5, frames: 3 });
  });

  test("the small picture of lists is small", async () => {
    const { thumbnail } = await encodePicture(await plain(1600, 800).jpeg().toBuffer(), limits);
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: "webp", width: 400, height: 200 });
  });
});

describe("what is refused", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

  test.each([
    ["SVG", "svg", Buffer.from(svg)],
    ["SVG behind a byte order mark and a declaration", "svg", Buffer.from(`\ufeff<?xml version="1.0"?>\n${svg}`)],
    ["SVG in UTF-16", "svg", Buffer.from(`\ufeff${svg}`, "utf16le")],
    ["a web page", "page", Buffer.from("<!doctype html><p>hello")],
    ["a PDF", "pdf", Buffer.from("%PDF-1.7\n")],
    ["a photo in HEIC", "heic", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")],
    ["a video", "video", Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1")],
    ["a TIFF", "tiff", Buffer.from("II*\0aaaaaaaa", "latin1")],
    ["a bitmap", "bmp", Buffer.from("BMaaaaaaaaaaaa")],
    ["something else", "unknown", Buffer.from("hello, world, this is text")],
    ["three bytes", "unknown", Buffer.from("abc")],
  ])("%s, by its content", async (_what, kind, file) => {
    await expect(encodePicture(file, limits)).rejects.toMatchObject({ code: "media.kind", detail: { kind } });
  });

  test("a script that begins like a GIF", async () => {
    await expect(encodePicture(Buffer.from("GIF89a=1;alert(document.cookie)//"), limits)).rejects.toMatchObject({
      code: "media.broken",
    });
  });

  test.each([
    ["a page behind it", (jpeg: Buffer) => Buffer.concat([jpeg, Buffer.from("<script>alert(1)</script>")])],
    ["PHP in its comment", (jpeg: Buffer) => withComment(jpeg, "<?php system($_GET['c']); ?>")],
    ["a PDF in its comment", (jpeg: Buffer) => withComment(jpeg, "%PDF-1.4 1 0 obj")],
    ["an archive behind it", (jpeg: Buffer) => Buffer.concat([jpeg, zip()])],
    ["an archive with a comment behind it", (jpeg: Buffer) => Buffer.concat([jpeg, zip("hello")])],
  ])("a JPEG with %s", async (_what, spoil) => {
    const jpeg = await plain(30, 30).jpeg().toBuffer();
    await expect(encodePicture(jpeg, limits)).resolves.toBeDefined();
    await expect(encodePicture(spoil(jpeg), limits)).rejects.toMatchObject({ code: "media.two_things" });
  });

  test("what hides behind a picture without being anything we know is gone afterwards", async () => {
    const jpeg = await plain(30, 30).jpeg().toBuffer();
    const made = await encodePicture(Buffer.concat([jpeg, Buffer.from("a secret note")]), limits);
    expect(made.bytes.includes("secret")).toBe(false);
  });

  test("a picture of 100 megapixels, before it is unpacked", async () => {
    const file = await plain(10_000, 10_000).png({ compressionLevel: 9 }).toBuffer();
    expect(file.length).toBeLessThan(500_000);
    const before = process.memoryUsage().rss;
    await expect(encodePicture(file, limits)).rejects.toMatchObject({
      code: "media.too_many_pixels",
      detail: { megapixels: 100, most: 64 },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });

  test("a PNG whose header lies about a size nobody has memory for", async () => {
    const file = await plain(10, 10).png().toBuffer();
    file.writeUInt32BE(2_000_000_000, 16);
    file.writeUInt32BE(2_000_000_000, 20);
    await expect(encodePicture(file, limits)).rejects.toMatchObject({ code: expect.stringMatching(/^media\./) });
  });

  test("an animation whose frames together are too many pixels", async () => {
    await expect(encodePicture(await animation("gif", 200, 200, 60), { maxMegapixels: 2 })).rejects.toMatchObject({
      code: "media.too_many_pixels",
    });
  });

  test.each(["jpeg", "png", "gif", "webp", "avif"] as const)("a %s that ends in the middle", async (format) => {
    const raw = Buffer.alloc(200 * 200 * 3, 0).map((_, at) => (at * 31 + (at >> 3)) % 251);
    const file = await sharp(raw, { raw: { width: 200, height: 200, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    await expect(encodePicture(file.subarray(0, file.length / 2), limits)).rejects.toMatchObject({
      code: "media.broken",
    });
  });

  test("headers with rubbish behind them", async () => {
    const rubbish = Buffer.alloc(2000, 0xa5);
    for (const head of ["\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n", "GIF89a", "RIFF\xd0\x07\0\0WEBPVP8 "]) {
      const file = Buffer.concat([Buffer.from(head, "latin1"), rubbish]);
      await expect(encodePicture(file, limits)).rejects.toMatchObject({ code: "media.broken" });
    }
  });

  test("a loader that no picture of ours needs, whatever a file says it is", async () => {
    await expect(sharp(Buffer.from(svg)).metadata()).rejects.toThrow();
  });
});

function withComment(jpeg: Buffer, text: string): Buffer {
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), Buffer.from(text)]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** An empty archive: nothing but its end. */
function zip(comment = ""): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, Buffer.from(comment)]);
}
