import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Postfix's load tools, and the environment they run in. */
export interface PostfixTools {
  sink: string;
  source: string;
  env: NodeJS.ProcessEnv;
}

/**
 * smtp-sink and smtp-source of Debian's postfix package, downloaded and unpacked into a folder for temporary files;
 * nothing is installed and Postfix is not started. Null where there is no apt or the package cannot be had.
 */
export function findPostfixTools(): PostfixTools | null {
  try {
    const folder = path.join(tmpdir(), "posthorn-postfix");
    if (!existsSync(path.join(folder, "usr/sbin/smtp-sink"))) {
      const download = mkdtempSync(path.join(tmpdir(), "posthorn-apt-"));
      execFileSync("apt-get", ["download", "postfix"], { cwd: download, stdio: "ignore" });
      const archive = readdirSync(download).find((name) => name.endsWith(".deb"));
      if (!archive) return null;
      mkdirSync(folder, { recursive: true });
      execFileSync("dpkg", ["-x", path.join(download, archive), folder]);
    }
    const env = { ...process.env, LD_LIBRARY_PATH: path.join(folder, "usr/lib/postfix") };
    return { sink: path.join(folder, "usr/sbin/smtp-sink"), source: path.join(folder, "usr/sbin/smtp-source"), env };
  } catch {
    return null;
  }
}
