import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/*
 * As much of S3 as the file storage needs, and as strict: every request's signature (AWS Signature Version 4) and the
 * hash of its body are worked out anew, from the documentation and not with the library that signs.
 */

export const s3Login = { accessKeyId: "AKIATEST", secretAccessKey: "a secret for tests", region: "eu-central-1" };

export interface S3Server {
  endpoint: string;
  /** By path: /bucket/key. */
  objects: Map<string, Buffer>;
  /** How many of the next requests are answered 503. */
  failNext(count: number): void;
  close(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  let failures = 0;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (failures > 0) {
      failures--;
      return response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
    }
    const wrong = whatIsWrong(request, body);
    if (wrong) return response.writeHead(403).end(`<Error><Code>${wrong}</Code></Error>`);
    const path = request.url ?? "";
    if (request.method === "PUT") {
      if (request.headers["content-length"] === undefined) return response.writeHead(411).end();
      objects.set(path, body);
      return response.end();
    }
    if (request.method === "DELETE") {
      objects.delete(path);
      return response.writeHead(204).end();
    }
    const found = objects.get(path);
    return found ? response.end(found) : response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    failNext: (count) => {
      failures = count;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

const hash = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

function whatIsWrong(request: IncomingMessage, body: Buffer): string | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? "",
    );
  if (!match) return "AccessDenied";
  const [, key, day = "", region = "", signed = "", signature] = match;
  if (key !== s3Login.accessKeyId || region !== s3Login.region) return "InvalidAccessKeyId";
  const date = String(request.headers["x-amz-date"]);
  const at = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!date.startsWith(day) || Math.abs(Date.now() - at) > 900_000) return "RequestTimeTooSkewed";
  const names = signed.split(";");
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => names.includes(name))) return "AccessDenied";
  const bodyHash = String(request.headers["x-amz-content-sha256"]);
  if (bodyHash !== "UNSIGNED-PAYLOAD" && bodyHash !== hash(body)) return "XAmzContentSHA256Mismatch";
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const headers = names.map((name) => `${name}:${request.headers[name]}\n`).join("");
  const canonical = [request.method, path, query, headers, signed, bodyHash].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", date, scope, hash(canonical)].join("\n");
  const signingKey = [region, "s3", "aws4_request"].reduce(hmac, hmac(`AWS4${s3Login.secretAccessKey}`, day));
  return hmac(signingKey, text).toString("hex") === signature ? null : "SignatureDoesNotMatch";
}
