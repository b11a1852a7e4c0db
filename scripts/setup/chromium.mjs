import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { runProgram } from "./program.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const places = ["/usr/bin", "/usr/local/bin", "/snap/bin"];
const macPlaces = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * A Chromium that runs on this machine: CHROMIUM_PATH, an installed one, or Playwright's; otherwise it is installed
 * (by apt as root, by Playwright elsewhere). Returns its path, or null and says in `note` what is missing.
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv, note: (text: string) => void }} options
 */
export async function provideChromium({ root, node, env, note }) {
  const found = await findChromium(root);
  if (found) return found;
  const apt =
    process.platform === "linux" && process.getuid() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (apt) {
    note("installing Chromium with apt-get");
    const aptEnv = { ...env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", "chromium"];
    const first = await runProgram("apt-get", install, { env: aptEnv, onLine: note });
    if (first.code !== 0) {
      await runProgram("apt-get", ["update"], { env: aptEnv, onLine: note });
      await runProgram("apt-get", install, { env: aptEnv, onLine: note });
    }
    const installed = await findChromium(root);
    if (installed) return installed;
  }
  note("installing Playwright's Chromium");
  const cli = path.join(root, "node_modules/@playwright/test/cli.js");
  await runProgram(node, [cli, "install", ...(apt ? ["--with-deps"] : []), "chromium"], {
    cwd: root,
    env,
    onLine: note,
  });
  return findChromium(root);
}

async function findChromium(root) {
  const { chromium } = await import(path.join(root, "node_modules/playwright-core/index.mjs"));
  const installed =
    process.platform === "darwin" ? macPlaces : places.flatMap((place) => names.map((name) => path.join(place, name)));
  const candidates = [process.env.CHROMIUM_PATH, ...installed, chromium.executablePath()];
  return candidates.find((file) => file && fs.existsSync(file) && runs(file)) ?? null;
}

// Some systems have a program of that name that only says where to get the real one.
function runs(file) {
  return spawnSync(file, ["--version"], { timeout: 20_000 }).status === 0;
}
