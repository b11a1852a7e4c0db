import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import util from "node:util";
import { Refusal } from "./refusal.mjs";

/** Reads `.env` into the environment, if there is one. What is set already stays as it is. */
export function loadEnvFile(root) {
  let text;
  try {
    text = fs.readFileSync(path.join(root, ".env"), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw new Refusal(`The file .env could not be read (${error.code}).`);
  }
  const parse = util.parseEnv ?? parseEnv;
  for (const [name, value] of Object.entries(parse(text))) process.env[name] ??= value;
}

// Node 20 before 20.12 has no parser for us.
function parseEnv(text) {
  const found = text.matchAll(/^\s*(?:export\s+)?(\w+)\s*=[ \t]*(?:"([^"]*)"|'([^']*)'|([^#\n]*))/gm);
  return Object.fromEntries(
    [...found].map(([, name, double, single, bare]) => [name, double ?? single ?? bare.trim()]),
  );
}

/**
 * The data folder as an absolute path: created when missing, refused when it cannot be written. It also becomes the
 * POSTHORN_DATA_DIR of every program started from here.
 */
export function prepareDataFolder(root) {
  const directory = path.resolve(root, process.env.POSTHORN_DATA_DIR || "data");
  try {
    fs.mkdirSync(path.join(directory, "logs"), { recursive: true });
    const probe = path.join(directory, `.writable-${process.pid}`);
    fs.writeFileSync(probe, "");
    fs.rmSync(probe);
  } catch (error) {
    const why = {
      EACCES: "this user may not write there",
      EPERM: "this user may not write there",
      EROFS: "it is on a read-only file system",
      ENOSPC: "the disk is full",
      EEXIST: "there is a file of that name",
      ENOTDIR: "a part of the path is a file",
    };
    throw new Refusal(
      `The data folder ${directory} is not writable: ${why[error.code] ?? error.code}.\n` +
        "Give this user the right to write there, or choose another folder with POSTHORN_DATA_DIR=/some/folder.",
    );
  }
  // As root the database belongs to another user, who must be able to pass through; nobody needs to look around.
  if (process.platform !== "win32" && process.getuid() === fs.statSync(directory).uid) {
    fs.chmodSync(directory, process.getuid() === 0 ? 0o711 : 0o700);
    fs.chmodSync(path.join(directory, "logs"), 0o700);
  }
  process.env.POSTHORN_DATA_DIR = directory;
  return directory;
}

/** POSTHORN_SECRET of the environment, or the one made on the first start and kept in the data folder. */
export function provideSecret(dataFolder) {
  if (process.env.POSTHORN_SECRET) return;
  const file = path.join(dataFolder, "secret");
  if (!fs.existsSync(file)) writePrivately(file, `${randomBytes(32).toString("base64url")}\n`);
  const secret = fs.readFileSync(file, "utf8").trim();
  if (secret.length < 32) {
    throw new Refusal(
      `The file ${file} should hold the secret that signs links and seals passwords, and is damaged.\n` +
        "Restore it from a backup. Without it, links in sent mails and stored SMTP passwords are lost.",
    );
  }
  process.env.POSTHORN_SECRET = secret;
}

/** Writes a file that only this user can read, whole or not at all. */
export function writePrivately(file, text) {
  const half = `${file}.${process.pid}`;
  const fd = fs.openSync(half, "w", 0o600);
  fs.writeSync(fd, text);
  fs.fsyncSync(fd);
  fs.closeSync(fd);
  fs.renameSync(half, file);
}
