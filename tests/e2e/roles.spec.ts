import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { may, type Role } from "#lib/auth/roles.ts";
import { newId } from "#lib/ids.ts";
import { actions, pages, routes } from "./support/doors.ts";
import { type Furniture, furnish } from "./support/furnished.ts";
import {
  addMember,
  addWorkspace,
  type Installation,
  logInByApi,
  setUpOwner,
  startInstallation,
} from "./support/installation.ts";
import { attachOutput, expect, test } from "./support/page-test.ts";

/*
 * Every door of the web, tried by everybody it is not for: each page, each route and each server action there is, over
 * HTTP, by nobody, by a viewer, by an editor, and by the owner of another workspace who knows every id. What is missing
 * in the tables below fails: whoever adds a door says here whom it is for.
 */

const root = path.join(import.meta.dirname, "../..");

const team: Role[] = ["viewer", "editor", "admin"];
let posthorn: Installation;
let furniture: Furniture;
let cookies: Record<string, string>;
let workspaceId: string;

test.beforeAll(async () => {
  posthorn = await startInstallation({ workers: 0, inbox: false });
  const { db } = posthorn;
  const scope = await setUpOwner(db);
  ({ workspaceId } = scope);
  cookies = {};
  for (const role of [...team, "stranger"]) {
    const someone = { name: role, email: `${role}@example.com`, password: `the password of ${role}` };
    if (role === "stranger") await addWorkspace(db, "Elsewhere", someone);
    else await addMember(db, workspaceId, role as Role, someone);
    cookies[role] = await logInByApi(db, someone);
  }
  furniture = await furnish(posthorn, scope, cookies.admin ?? "");
});

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a hook wants from its pattern
test.afterEach(({}, testInfo) => attachOutput(posthorn, testInfo));

test.afterAll(() => posthorn?.stop());

test("every page is for those it is for", async () => {
  const table = pages(furniture);
  const files = globSync("**/page.tsx", { cwd: path.join(root, "app") }).map((file) => file.replace(/\.tsx$/, ""));
  expect(Object.keys(table).sort()).toEqual(files.filter((file) => !file.startsWith("(dev)")).sort());

  const wrong: string[] = [];
  for (const [file, door] of Object.entries(table)) {
    const expected = (who: string): string => {
      if (file === "setup/page") return "redirect to /login";
      if (door.needs === "anybody") return who === "nobody" ? "shown" : "redirect to /";
      if (who === "nobody") return "redirect to /login";
      if (who === "stranger") return door.foreign ? "not found" : "shown";
      return may({ role: who as Role }, door.needs) ? "shown" : "refused";
    };
    for (const who of ["nobody", ...team, "stranger"]) {
      const got = await outcomeOfPage(door.path, who);
      const wanted = expected(who);
      // Whoever may not see a page is told so, sent away, or finds nothing.
      const fits = wanted === "refused" ? got !== "shown" && got !== "500" : got === wanted;
      if (!fits) wrong.push(`${file} for ${who}: ${got} instead of ${wanted}`);
    }
    if (!door.foreign) continue;
    for (const id of [newId(), "not-an-id"]) {
      const got = await outcomeOfPage(door.path.replace(/[0-9a-f-]{36}/, id), "admin");
      if (got !== "not found") wrong.push(`${file} with the id ${id}: ${got} instead of not found`);
    }
  }
  expect(wrong).toEqual([]);
});

test("every route is for those it is for", async () => {
  const table = routes(furniture);
  const files = globSync("**/route.ts", { cwd: path.join(root, "app"), exclude: ["_web/**"] });
  expect(Object.keys(table).sort()).toEqual(files.map((file) => file.replace(/\/route\.ts$/, "")).sort());

  const wrong: string[] = [];
  const before = await fingerprint();
  for (const [file, door] of Object.entries(table)) {
    for (const who of ["nobody", "viewer", "editor", "stranger"]) {
      const got = await statusOfRoute(door.path, who, door.init);
      const note = (wanted: string) => wrong.push(`${file} for ${who}: ${got} instead of ${wanted}`);
      if (door.needs === "anybody") {
        if (got !== 200 && got !== 404) note("200 or 404");
      } else if (who === "nobody") {
        if (got !== 401) note("401");
      } else if (who === "stranger") {
        if (door.foreign && got !== 404) note("404");
      } else if (!may({ role: who as Role }, door.needs)) {
        if (got !== 403) note("403");
        // What may be done is tried for real only where it changes nothing.
      } else if (door.needs === "read" && got !== 200) note("200");
    }
    if (!door.foreign) continue;
    for (const id of [newId(), "not-an-id"]) {
      if (!/[0-9a-f-]{36}/.test(door.path)) continue;
      const got = await statusOfRoute(door.path.replace(/[0-9a-f-]{36}/, id), "admin", door.init);
      if (got !== 404) wrong.push(`${file} with the id ${id}: ${got} instead of 404`);
    }
  }
  expect(wrong).toEqual([]);
  // The editor may upload: nothing else has changed.
  expect(await fingerprint(["import", "stored_file", "audit_entry"])).toEqual(
    strip(before, ["import", "stored_file", "audit_entry"]),
  );
});

test("every server action refuses whom it is not for, and changes nothing", async () => {
  const table = actions(furniture);
  const known = listServerActions();
  expect(Object.keys(table).sort()).toEqual([...known.keys()].sort());

  const wrong: string[] = [];
  const before = await fingerprint();
  for (const [name, action] of Object.entries(table)) {
    // Last, and of their own session only.
    if (name.endsWith("logOutAction")) continue;
    const { id, page } = known.get(name) as ServerAction;
    const call = (who: string) => callAction(id, page, action.args, who);
    const note = (who: string, got: string, wanted: string) =>
      wrong.push(`${name} for ${who}: ${got} instead of ${wanted}`);
    if (action.needs === "anybody") {
      const got = await call("nobody");
      if (!["auth.wrong_login", "invalid_input"].includes(got)) note("nobody", got, "a refusal");
      continue;
    }
    const nobody = await call("nobody");
    if (nobody !== "redirect to /login") note("nobody", nobody, "redirect to /login");
    for (const who of ["viewer", "editor"] as const) {
      if (may({ role: who }, action.needs)) continue;
      const got = await call(who);
      if (got !== "auth.not_allowed") note(who, got, "auth.not_allowed");
    }
    if (action.foreign) {
      const got = await call("stranger");
      if (got !== "not_found") note("stranger", got, "not_found");
    }
  }
  const foreignMail = known.get("(console)/inbox/actions deleteMailsAction") as ServerAction;
  await callAction(foreignMail.id, foreignMail.page, [furniture.mail], "stranger");
  const elsewhere = known.get("(console)/actions switchWorkspaceAction") as ServerAction;
  await callAction(elsewhere.id, elsewhere.page, [workspaceId], "stranger");
  expect(await outcomeOfPage(`/campaigns/${furniture.draft}`, "stranger")).toBe("not found");
  expect(wrong).toEqual([]);
  expect(await fingerprint()).toEqual(before);
});

test("a server action from another site is refused", async () => {
  const { id, page } = listServerActions().get("(console)/inbox/actions deleteMailsAction") as ServerAction;
  const answer = await fetch(posthorn.baseUrl + page, {
    method: "POST",
    headers: {
      cookie: cookies.admin ?? "",
      "next-action": id,
      origin: "https://elsewhere.example",
      "content-type": "text/plain",
    },
    body: JSON.stringify([null]),
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  const { rows } = await posthorn.pool.query("select count(*)::int as left from inbox_mail where deleted_at is null");
  expect(rows[0].left).toBe(1);
});

async function outcomeOfPage(where: string, who: string): Promise<string> {
  const answer = await fetch(posthorn.baseUrl + where, { redirect: "manual", headers: { cookie: cookies[who] ?? "" } });
  const body = await answer.text();
  const location = answer.headers.get("location");
  if (location) return `redirect to ${new URL(location, posthorn.baseUrl).pathname}`;
  // What is found out while a page streams comes after its status.
  if (answer.status === 404 || body.includes("NEXT_HTTP_ERROR_FALLBACK;404")) return "not found";
  const late = /NEXT_REDIRECT;\w+;([^;]+);/.exec(body);
  if (late) return `redirect to ${late[1]}`;
  return answer.status === 200 ? "shown" : String(answer.status);
}

async function statusOfRoute(where: string, who: string, init: RequestInit = {}): Promise<number> {
  const leave = new AbortController();
  const headers = { ...(init.headers as Record<string, string>), cookie: cookies[who] ?? "" };
  const answer = await fetch(posthorn.baseUrl + where, { ...init, redirect: "manual", headers, signal: leave.signal });
  // Streams of progress do not end by themselves.
  leave.abort();
  return answer.status;
}

interface ServerAction {
  id: string;
  /** A page that brings it. */
  page: string;
}

/** From the build: what Next itself goes by. */
function listServerActions(): Map<string, ServerAction> {
  const file = path.join(root, posthorn.env.POSTHORN_DIST_DIR ?? ".next", "server/server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(file, "utf8")) as {
    node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }>;
  };
  return new Map(
    Object.entries(node).map(([id, { filename, exportedName, workers }]) => {
      const door = Object.keys(workers)
        .map((worker) => pages(furniture)[worker.replace(/^app\//, "")]?.path)
        .find((known) => known !== undefined);
      return [`${filename.replace(/^app\//, "").replace(/\.ts$/, "")} ${exportedName}`, { id, page: door ?? "/" }];
    }),
  );
}

/** Calls a server action as the browser does and says how it ended: a refusal's code, a redirect, or "done". */
async function callAction(id: string, page: string, args: unknown[], who: string): Promise<string> {
  const headers: Record<string, string> = { cookie: cookies[who] ?? "", "next-action": id, origin: posthorn.baseUrl };
  const forms = args.filter((arg) => arg instanceof FormData);
  let body: string | FormData = JSON.stringify(args);
  if (forms.length > 0) {
    body = new FormData();
    for (const [name, value] of forms[0] as FormData) body.append(`_1_${name}`, value);
    body.append("0", JSON.stringify(args.map((arg) => (arg instanceof FormData ? "$K1" : arg))));
  } else headers["content-type"] = "text/plain;charset=UTF-8";
  const answer = await fetch(posthorn.baseUrl + page, { method: "POST", redirect: "manual", headers, body });
  const text = await answer.text();
  const redirect = answer.headers.get("x-action-redirect");
  if (redirect) return `redirect to ${redirect.split(";")[0]}`;
  const refused = /"ok":false,"code":"([^"]+)"/.exec(text);
  if (refused) return refused[1] as string;
  return text.includes('"ok":true') ? "done" : `${answer.status} ${text.slice(0, 200)}`;
}

/** What every table holds of the workspace, so that a change anywhere shows. */
async function fingerprint(without: string[] = []): Promise<Record<string, string>> {
  const { rows } = await posthorn.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'workspace_id' and table_name not like '%\\_2___\\_%' order by 1`,
  );
  const prints: Record<string, string> = {};
  for (const { name } of rows.filter((row) => !without.includes(row.name))) {
    const found = await posthorn.pool.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as print from "${name}" t where workspace_id = $1`,
      [workspaceId],
    );
    prints[name] = found.rows[0].print;
  }
  return prints;
}

function strip(prints: Record<string, string>, without: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(prints).filter(([name]) => !without.includes(name)));
}
