/** Since when this process reaches the database without a break. */
export interface Contact {
  succeeded(): void;
  /** An error that the database itself answered with (a deadlock, say) is no break. */
  failed(error: unknown): void;
  unbrokenMs(): number;
}

export function watchContact(now: () => number = () => performance.now()): Contact {
  let since: number | null = now();
  return {
    succeeded() {
      since ??= now();
    },
    failed(error) {
      if (isBreak(error)) since = null;
    },
    unbrokenMs: () => (since === null ? 0 : now() - since),
  };
}

/** No SQLSTATE at all (refused, reset, timed out), or one of class 08 (connection) or 57P (shutting down, starting). */
function isBreak(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P)/.test(code);
}
