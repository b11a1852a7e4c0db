import pino from "pino";
import { logLevel } from "./config.ts";

/**
 * JSON lines on standard error. Addresses, bodies and secrets are never logged; the redaction below is a net for
 * a slip, not a licence.
 */
export const log = pino(
  {
    level: logLevel(),
    base: { pid: process.pid },
    redact: {
      paths: [
        "email",
        "*.email",
        "to",
        "*.to",
        "password",
        "*.password",
        "secret",
        "*.secret",
        "raw",
        "*.raw",
        "params",
        "*.params",
      ],
      censor: "[redacted]",
    },
    serializers: { err: describeError },
  },
  pino.destination({ dest: 2, sync: true }),
);

/** Name, code and stack of an error; drivers put bound values (addresses) into messages, so those are cut. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 200) };
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = (error as { code?: unknown }).code ?? (cause as { code?: unknown } | undefined)?.code;
  const isQueryError = error.message.startsWith("Failed query:");
  return {
    name: error.name,
    code,
    message: isQueryError ? `query failed: ${cause?.message.split("\n")[0] ?? ""}` : error.message.split("\n")[0],
    stack: isQueryError ? cause?.stack : error.stack,
  };
}
