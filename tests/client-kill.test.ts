import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sameContent } from "@holdfast/wallet/lbry";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  walletOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

const kills = 15;
let host: TestHost;
let devices: TestDevices;

beforeEach(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
});
afterEach(async () => {
  await host.close();
  await devices.remove();
});

/** Runs the device's process until it has printed so many lines, lets `delayMs` more pass, and kills it. Gives its last edit. */
async function runAndKill(from: number, lines: number, delayMs: number): Promise<number> {
  const script = fileURLToPath(new URL("client/push-forever.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@holdfast/source", script, devices.folder("one"), String(from)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let last = from;
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    const [type, edit] = line.split(" ");
    if (type !== "saved" && type !== "synced") throw new Error(line);
    last = Number(edit);
    seen += 1;
    if (seen === lines) setTimeout(() => child.kill("SIGKILL"), delayMs);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return last;
}

it("[P3C-16] [P3C-25] a process killed at any moment, again and again, loses no edit it called saved", async () => {
  const one = await devices.registered("one", host.url);
  const two = await devices.loggedIn("two", host.url);
  let last = 0;
  for (let kill = 1; kill <= kills; kill += 1)
    last = await runAndKill(last, 1 + (kill % 4), kill % 7);
  expect(last).toBeGreaterThanOrEqual(kills);
  expectType(await one.sync(), "synced");
  expectType(await two.sync(), "synced");
  expect(sameContent(await walletOf(one), await walletOf(two))).toBe(true);
  const preferences = await preferencesOf(two);
  for (let edit = 1; edit <= last; edit += 1) expect(preferences[`edit-${edit}`]).toBe(`${edit}`);
});
