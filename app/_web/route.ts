import { randomBytes } from "node:crypto";
import { Refusal } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { type Actor, findActor } from "./actor.ts";
import { wordsOf } from "./words.ts";

/**
 * The shape of a console route handler: 401 without a session, 404 for what is not there or not in this workspace,
 * 403 and 422 with words for other refusals, 500 with an id for a bug.
 */
export function withActor<C>(handle: (actor: Actor, request: Request, context: C) => Promise<Response>) {
  return async (request: Request, context: C): Promise<Response> => {
    const actor = await findActor();
    if (!actor) return problem(401, "not_logged_in", "Log in first.");
    try {
      return await handle(actor, request, context);
    } catch (error) {
      if (error instanceof Refusal) return problem(statusOf(error), error.code, await wordsOf(error));
      const id = randomBytes(4).toString("hex");
      log.error({ err: error, id }, "a request failed");
      return problem(500, "bug", `Something went wrong on our side (${id}).`);
    }
  };
}

function statusOf(refusal: Refusal): number {
  if (refusal.code === "not_found") return 404;
  if (refusal.code === "auth.not_allowed") return 403;
  if (refusal.code === "storage.too_large") return 413;
  if (refusal.code === "storage.full") return 507;
  return 422;
}

function problem(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: { "cache-control": "private, no-store" } });
}
