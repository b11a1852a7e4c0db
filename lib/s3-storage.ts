import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { AwsClient } from "aws4fetch";
import type { Config } from "./config.ts";
import { newId } from "./ids.ts";
import { writeWhole } from "./write-whole.ts";

export interface S3Settings {
  bucket: string;
  region: string;
  /** Null for Amazon itself. */
  endpoint: string | null;
  accessKeyId: string;
  secretAccessKey: string;
  prefix: string;
}

const answerWithinMs = 60_000;

/** The bucket that is set, or null. lib/config.ts has made sure that the logins are there with it. */
export function s3Settings(config: Config): S3Settings | null {
  if (!config.S3_BUCKET) return null;
  return {
    bucket: config.S3_BUCKET,
    region: config.S3_REGION,
    endpoint: config.S3_ENDPOINT ?? null,
    accessKeyId: config.S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: config.S3_SECRET_ACCESS_KEY ?? "",
    prefix: config.S3_PREFIX,
  };
}

/**
 * Files in a bucket, which need not be public: pictures are read through us. With an endpoint the bucket stands in the
 * path, which every such service understands; Amazon wants it in the host's name.
 */
export function s3Storage(settings: S3Settings) {
  const { accessKeyId, secretAccessKey, region } = settings;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 3 });
  const base = settings.endpoint
    ? `${settings.endpoint.replace(/\/$/, "")}/${settings.bucket}`
    : `https://${settings.bucket}.s3.${region}.amazonaws.com`;
  const locate = (key: string) => {
    if (!/^[0-9a-f-]{36}$/.test(key)) throw new Error("not a storage key");
    return `${base}/${settings.prefix}${key}`;
  };
  const ask = async (key: string, init: RequestInit): Promise<Response> => {
    // A redirect would carry the signature elsewhere.
    const options: RequestInit = { ...init, redirect: "error", signal: AbortSignal.timeout(answerWithinMs) };
    const answer = await client.fetch(locate(key), options);
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new Error(`the file storage answered ${answer.status} to ${init.method}`);
  };
  return {
    async write(content: Readable, limits: { maxBytes: number }) {
      const key = newId();
      // S3 wants the length and the hash before the first byte, so the stream is caught in a file first.
      const folder = await mkdtemp(path.join(tmpdir(), "posthorn-upload-"));
      try {
        const file = path.join(folder, key);
        const written = await writeWhole(content, file, limits);
        const headers = { "x-amz-content-sha256": written.sha256 };
        const answer = await ask(key, { method: "PUT", body: await openAsBlob(file), headers });
        await answer.body?.cancel();
        return { key, ...written };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    read(key: string): Readable {
      const output = new PassThrough();
      const url = locate(key);
      (async () => {
        const answer = await client.fetch(url, { method: "GET", redirect: "error" });
        if (!answer.ok || !answer.body) throw new Error(`the file storage answered ${answer.status} to GET`);
        await pipeline(Readable.fromWeb(answer.body as ReadableStream<Uint8Array>), output);
      })().catch((error: Error) => output.destroy(error));
      return output;
    },
    async remove(key: string): Promise<void> {
      const answer = await ask(key, { method: "DELETE" });
      await answer.body?.cancel();
    },
  };
}
