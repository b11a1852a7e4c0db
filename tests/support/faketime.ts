import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Environment for a process whose wall clock is wrong by `offset` ("+1h"), by Debian's libfaketime, downloaded and
 * unpacked into a folder for temporary files; nothing is installed. Its monotonic clock is left alone, as a wrong wall
 * clock leaves it. Null where there is no apt or the package cannot be had.
 */
export function wrongClock(offset: string): Record<string, string> | null {
  const library = findLibrary();
  return library === null ? null : { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

function findLibrary(): string | null {
  try {
    const folder = path.join(tmpdir(), "posthorn-faketime");
    const find = () => globSync(path.join(folder, "usr/lib/*/faketime/libfaketimeMT.so.1"))[0] ?? null;
    if (find()) return find();
    const download = mkdtempSync(path.join(tmpdir(), "posthorn-apt-"));
    execFileSync("apt-get", ["download", "libfaketime"], { cwd: download, stdio: "ignore" });
    const archive = readdirSync(download).find((name) => name.endsWith(".deb"));
    if (!archive) return null;
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    execFileSync("dpkg", ["-x", path.join(download, archive), folder]);
    return find();
  } catch {
    return null;
  }
}
