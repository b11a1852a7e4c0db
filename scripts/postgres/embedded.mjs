import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { writePrivately } from "../setup/environment.mjs";
import { Refusal } from "../setup/refusal.mjs";
import { sharedPlaces } from "./binaries.mjs";
import { connectionUrl, createCluster, newPassword, startCluster, stopLeftOver } from "./cluster.mjs";
import { canUse, findOwner } from "./owner.mjs";

const database = "posthorn";

/**
 * Starts the database of a data folder, making it the first time. The caller holds the lock of the folder. What is
 * needed to reach it is remembered in postgres.json there: port, password, and where the files are.
 * @param {string} dataFolder
 * @param {(text: string) => void} say for what a person should know, such as an unusual place
 */
export async function startEmbeddedDatabase(dataFolder, say) {
  const file = path.join(dataFolder, "postgres.json");
  const known = readKnown(file) ?? remember(file, { ...choosePlace(dataFolder), password: newPassword() });
  refuseCopy(dataFolder, known.directory);
  const made = !fs.existsSync(path.join(known.directory, "PG_VERSION"));
  if (made) create(dataFolder, known, say);
  const logFile = path.join(dataFolder, "logs", "postgres.log");
  keepShort(logFile);
  const start = (port) => startCluster({ directory: known.directory, logFile, port });
  const running = await start(known.port);
  if (running.port !== known.port) remember(file, { ...known, port: running.port });
  const url = connectionUrl({ ...known, port: running.port, database });
  await createDatabase(connectionUrl({ ...known, port: running.port, database: "postgres" }));
  return { url, running, restart: () => start(running.port) };
}

/** The address of the database that another command runs on this data folder right now, or null. */
export function findEmbeddedUrl(dataFolder) {
  const known = readKnown(path.join(dataFolder, "postgres.json"));
  return known?.port ? connectionUrl({ ...known, database }) : null;
}

/** After a kill -9 of everything: stops a server that nobody looks after. */
export async function stopLeftOverDatabase(dataFolder) {
  const known = readKnown(path.join(dataFolder, "postgres.json"));
  if (known) await stopLeftOver(known.directory);
}

// In the data folder. As root the server runs as another user, who may not get there (a checkout below /root): then in
// a place of the system, named after the data folder.
function choosePlace(dataFolder) {
  const owner = findOwner();
  if (!owner || canPass(owner, dataFolder)) return { directory: path.join(dataFolder, "postgres") };
  const name = createHash("sha256").update(fs.realpathSync(dataFolder)).digest("hex").slice(0, 12);
  for (const place of sharedPlaces) {
    const home = path.join(place, name);
    try {
      fs.mkdirSync(home, { recursive: true });
      fs.chmodSync(home, 0o711);
    } catch {
      continue;
    }
    if (canPass(owner, home)) return { directory: path.join(home, "postgres") };
  }
  throw new Refusal(
    "PostgreSQL refuses to run as root, and no other user can reach the data folder.\n" +
      "Run Posthorn as an ordinary user, choose a folder that others can enter with POSTHORN_DATA_DIR=/var/lib/something,\n" +
      "or set DATABASE_URL.",
  );
}

// Tried with a folder of that user's own, because the data folder itself stays ours.
function canPass(owner, folder) {
  const probe = fs.mkdtempSync(path.join(folder, ".reach-"));
  try {
    fs.chownSync(probe, owner.uid, owner.gid);
    return canUse(owner, probe);
  } finally {
    fs.rmSync(probe, { recursive: true });
  }
}

function create(dataFolder, { directory, password }, say) {
  createCluster({ directory, password, owner: findOwner() });
  if (directory.startsWith(dataFolder)) return;
  fs.writeFileSync(path.join(directory, "..", "belongs-to"), fs.realpathSync(dataFolder));
  say(
    `PostgreSQL cannot run as root and another user cannot enter ${dataFolder}:\n` +
      `the database is kept in ${directory} (remembered in ${path.join(dataFolder, "postgres.json")}).`,
  );
}

// A copied data folder still points to the place of the original: two programs on one database would destroy it.
function refuseCopy(dataFolder, directory) {
  const note = path.join(directory, "..", "belongs-to");
  if (directory.startsWith(dataFolder) || !fs.existsSync(note)) return;
  const owner = fs.readFileSync(note, "utf8");
  const here = fs.realpathSync(dataFolder);
  if (owner === here) return;
  if (fs.existsSync(path.join(owner, "postgres.json"))) {
    throw new Refusal(
      `This data folder is a copy: its database is in ${directory} and belongs to ${owner}.\n` +
        `Start Posthorn there, or remove ${path.join(dataFolder, "postgres.json")} to begin with an empty database.`,
    );
  }
  fs.writeFileSync(note, here);
}

async function createDatabase(url) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (!found.rowCount) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

function readKnown(file) {
  let known;
  try {
    known = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") {
      const directory = path.join(path.dirname(file), "postgres");
      if (!fs.existsSync(path.join(directory, "PG_VERSION"))) return null;
      throw new Refusal(
        `There is a database in ${directory}, but ${file}, which has its password, is missing.\n` +
          "Restore that file from a backup, or move the folder away to begin with an empty database.",
      );
    }
    throw new Refusal(`The file ${file} cannot be read (${error.code ?? "it is damaged"}).`);
  }
  // A data folder that was moved takes its database along.
  return known.inDataFolder ? { ...known, directory: path.join(path.dirname(file), "postgres") } : known;
}

function remember(file, known) {
  const inDataFolder = known.directory === path.join(path.dirname(file), "postgres");
  writePrivately(file, `${JSON.stringify({ ...known, inDataFolder }, null, 2)}\n`);
  return known;
}

function keepShort(logFile) {
  const size = fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 10_000_000) fs.renameSync(logFile, `${logFile}.1`);
}
