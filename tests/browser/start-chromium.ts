import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type BrowserContext } from "playwright-core";
import type { ChromiumFiles } from "./chromium-files.ts";

export type Chromium = {
  /** Its own profile, on disk. */
  readonly context: BrowserContext;
  /** SIGKILL for all its processes at once. */
  kill(): Promise<void>;
  close(): Promise<void>;
};

const flags = [
  "--headless",
  "--remote-debugging-port=0",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
  // Containers give little shared memory, and no namespaces for the sandbox; the only pages are this test's.
  "--disable-dev-shm-usage",
  "--no-sandbox",
  "--no-first-run",
];

/** A real Chromium with this profile; what one run left in it, the next one finds. */
export async function startChromium(
  { executable, own }: ChromiumFiles,
  profile: string,
): Promise<Chromium> {
  const child = spawn(executable, [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    // A group of its own, so that no process of it survives `kill`.
    detached: true,
    env: { PATH: process.env["PATH"], HOME: profile, ...(own && placesOf(own, profile)) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const address = await readAddress(child.stderr);
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (context === undefined || child.pid === undefined) throw new Error("Chromium has no profile");
  const group = -child.pid;
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(group, "SIGKILL");
    await exited;
    await browser.close();
  };
  return { context, kill, close: kill };
}

/** A Chromium that finds no font at all ends when it is to draw text. */
function placesOf({ libraries, fonts }: NonNullable<ChromiumFiles["own"]>, profile: string) {
  const config = join(profile, "fonts.conf");
  mkdirSync(profile, { recursive: true });
  const cache = join(profile, "font-cache");
  writeFileSync(
    config,
    `<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>`,
  );
  return { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: config };
}

async function readAddress(stderr: NodeJS.ReadableStream): Promise<string> {
  let output = "";
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
    if (address !== undefined) resolve(address);
  });
  stderr.on("end", () => {
    reject(new Error(`Chromium ended before it listened:\n${output}`));
  });
  return await promise;
}
