import { spawnSync } from "node:child_process";
import { Refusal } from "../setup/refusal.mjs";

/**
 * PostgreSQL refuses to run as root. As root: the existing user it shall run as; otherwise null (ourselves).
 * No user is created on anybody's machine: `posthorn` or `postgres` if there is one, else `nobody`.
 * @returns {{ name: string, uid: number, gid: number } | null}
 */
export function findOwner() {
  if (process.platform === "win32" || process.getuid() !== 0) return null;
  for (const name of ["posthorn", "postgres", "nobody"]) {
    const uid = id("-u", name);
    const gid = id("-g", name);
    if (uid !== null && gid !== null && uid !== 0) return { name, uid, gid };
  }
  throw new Refusal(
    "PostgreSQL refuses to run as root, and this machine has no user “postgres” or “nobody” to run it as.\n" +
      "Run Posthorn as an ordinary user, or set DATABASE_URL to a PostgreSQL server.",
  );
}

/** Whether `owner` can really enter and write the folder: permissions of every folder above it count too. */
export function canUse(owner, directory) {
  const tried = spawnSync("/bin/sh", ["-c", 'cd "$1" && test -w .', "sh", directory], {
    uid: owner.uid,
    gid: owner.gid,
    cwd: "/",
  });
  return tried.status === 0;
}

function id(flag, name) {
  const result = spawnSync("id", [flag, name], { encoding: "utf8" });
  return result.status === 0 ? Number(result.stdout.trim()) : null;
}
