import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type ChromiumFiles = {
  readonly executable: string;
  /** null: the machine's own are used */
  readonly own: { readonly libraries: string; readonly fonts: string } | null;
};

const cache = fileURLToPath(new URL("../../node_modules/.cache", import.meta.url));

/**
 * A Chromium from `npm ci` alone: unpacked once, with the shared libraries it needs, so that the machine needs none.
 * `HOLDFAST_CHROMIUM` names another one. null: there is none for this platform.
 */
export function findChromium(): ChromiumFiles | null {
  const given = process.env["HOLDFAST_CHROMIUM"];
  if (given !== undefined) return { executable: given, own: null };
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const folder = join(cache, `holdfast-chromium-${packedVersion()}`);
  if (!existsSync(folder)) unpack(folder);
  return {
    executable: join(folder, "chromium"),
    own: { libraries: join(folder, "al2023/lib"), fonts: join(folder, "fonts/fonts") },
  };
}

function packedVersion(): string {
  const entry = fileURLToPath(import.meta.resolve("@sparticuz/chromium"));
  const text = readFileSync(join(dirname(entry), "../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Into a draft that is renamed at the end, so that whoever looks finds all of it or nothing. */
function unpack(folder: string): void {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  const program = fileURLToPath(new URL("extract-chromium.ts", import.meta.url));
  // The package unpacks into the temporary folder, wherever that is.
  const run = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], TMPDIR: draft },
  });
  if (run.status !== 0) throw new Error(`Chromium could not be unpacked:\n${run.stderr}`);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
