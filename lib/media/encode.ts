import sharp, { type Metadata, type OutputInfo, type Sharp } from "sharp";
import { Refusal } from "../errors.ts";
import { isPicture, isTwoThings, type PictureKind, sniff } from "./sniff.ts";

// libvips knows many formats; only the loaders of what we take may run.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpeg",
    "VipsForeignLoadPng",
    "VipsForeignLoadNsgif",
    "VipsForeignLoadWebp",
    "VipsForeignLoadHeif",
  ],
});
// One upload must not take every core from the web process.
sharp.concurrency(1);
sharp.cache(false);

/** Twice the 800 px that the widest mails are. */
export const mostWidth = 1600;
const mostHeight = 6000;
const mostFrames = 600;
const timeoutSeconds = 30;

export interface EncodedPicture {
  bytes: Buffer;
  mediaType: "image/jpeg" | "image/png" | "image/gif";
  width: number;
  height: number;
  frames: number;
  thumbnail: Buffer;
}

export interface Crop {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Makes our own picture of a file: turned upright, without metadata, in sRGB, at most 1600 px wide, as JPEG, PNG or,
 * when it moves, GIF. Refuses `media.kind` (detail `kind`), `media.two_things`, `media.too_many_pixels` (details
 * `megapixels`, `most`), `media.too_many_frames` and `media.broken`.
 */
export async function encodePicture(
  file: Buffer,
  limits: { maxMegapixels: number },
  change: { crop?: Crop; width?: number } = {},
): Promise<EncodedPicture> {
  const kind = sniff(file);
  if (!isPicture(kind)) throw new Refusal("media.kind", { kind });
  if (isTwoThings(file)) throw new Refusal("media.two_things");
  return oneAtATime(async () => {
    const facts = await readFacts(file, limits.maxMegapixels);
    try {
      return await encode(file, kind, facts, limits.maxMegapixels, change);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal("media.broken");
    }
  });
}

async function readFacts(file: Buffer, maxMegapixels: number): Promise<Metadata> {
  let facts: Metadata;
  try {
    // Reads the header only: the size is judged before anything is unpacked.
    facts = await sharp(file, { limitInputPixels: false }).metadata();
  } catch {
    throw new Refusal("media.broken");
  }
  const frames = facts.pages ?? 1;
  const megapixels = (facts.width * (facts.pageHeight ?? facts.height) * frames) / 1_000_000;
  if (megapixels > maxMegapixels)
    throw new Refusal("media.too_many_pixels", { megapixels: Math.round(megapixels), most: maxMegapixels });
  if (frames > mostFrames) throw new Refusal("media.too_many_frames", { frames, most: mostFrames });
  return facts;
}

async function encode(
  file: Buffer,
  kind: PictureKind,
  facts: Metadata,
  maxMegapixels: number,
  change: { crop?: Crop; width?: number },
): Promise<EncodedPicture> {
  const moves = (facts.pages ?? 1) > 1 && (kind === "gif" || kind === "webp");
  const open = (animated: boolean) =>
    sharp(file, { animated, limitInputPixels: maxMegapixels * 1_000_000, failOn: "error" })
      .timeout({ seconds: timeoutSeconds })
      .autoOrient()
      .toColourspace("srgb");
  const shaped = (picture: Sharp) => {
    if (change.crop) picture.extract(change.crop);
    return picture.resize({
      width: Math.min(change.width ?? mostWidth, mostWidth),
      height: mostHeight,
      fit: "inside",
      withoutEnlargement: true,
    });
  };
  const { data, info } = await written(shaped(open(moves)), kind, moves, facts);
  return {
    bytes: data,
    mediaType: moves ? "image/gif" : info.format === "jpeg" ? "image/jpeg" : "image/png",
    width: info.width,
    height: info.pageHeight ?? info.height,
    frames: moves ? (info.pages ?? facts.pages ?? 1) : 1,
    thumbnail: await thumbnailOf(data),
  };
}

/** What has no see-through parts and was a photograph before is smallest as JPEG. */
function written(
  picture: Sharp,
  kind: PictureKind,
  moves: boolean,
  facts: Metadata,
): Promise<{ data: Buffer; info: OutputInfo }> {
  if (moves) return picture.gif({ effort: 7 }).toBuffer({ resolveWithObject: true });
  const isPhoto = kind === "jpeg" || ((kind === "webp" || kind === "avif") && !facts.hasAlpha);
  const output = isPhoto
    ? picture.jpeg({ quality: 82, mozjpeg: true })
    : picture.png({ compressionLevel: 9, adaptiveFiltering: true });
  return output.toBuffer({ resolveWithObject: true });
}

function thumbnailOf(picture: Buffer): Promise<Buffer> {
  return sharp(picture)
    .resize({ width: 400, height: 400, fit: "inside", withoutEnlargement: true })
    .webp({ quality: 70 })
    .toBuffer();
}

// Unpacked pictures are large: a second upload waits instead of doubling the memory.
let last: Promise<unknown> = Promise.resolve();

function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work, work);
  last = result.catch(() => undefined);
  return result;
}
