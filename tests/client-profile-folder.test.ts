import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rejectedCode } from "@holdfast/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readWalletFile, writeWalletFile } from "@holdfast/client/node";
import { nodeFileSteps } from "../packages/client/src/adapters/node/file-steps.ts";
import { openProfileFolder } from "../packages/client/src/adapters/node/profile-folder.ts";
import type { StoreSession } from "../packages/client/src/index.ts";
import { createCrashingSteps, type Death } from "./client/crashing-steps.ts";
import { createTestDevices, expectType } from "./client/test-devices.ts";
import { startTestHost } from "./client/test-host.ts";

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "holdfast-profile-"));
  folder = join(root, "profile");
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function lock(steps = nodeFileSteps): Promise<StoreSession> {
  return expectType(await openProfileFolder(folder, steps).lock(1000), "locked").session;
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("a profile folder", () => {
  it("[P3C-15] is for its owner alone, and so is every file in it", async () => {
    const session = await lock();
    await session.writeProfile("{}");
    await session.writeState("{}");
    await session.release();
    expect(await modeOf(folder)).toBe(0o700);
    for (const name of await readdir(folder)) expect(await modeOf(join(folder, name))).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(["lock", "profile.json", "state.json"]);
  });

  it("[P3C-15] that others could read is closed to them", async () => {
    await (await lock()).release();
    await chmod(folder, 0o755);
    await (await lock()).release();
    expect(await modeOf(folder)).toBe(0o700);
  });

  it("[P3C-15] is not made of somebody's folder with other files in it", async () => {
    await chmod(root, 0o755);
    await writeFile(join(root, "letter.txt"), "mine");
    expect(await rejectedCode(openProfileFolder(root).lock(1000))).toBe("not-a-profile");
    expect(await modeOf(root)).toBe(0o755);
    expect(await readdir(root)).toEqual(["letter.txt"]);
  });

  it("[P3C-16] gives back exactly what was written last", async () => {
    const session = await lock();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        await session.writeProfile(text);
        expect(await session.readProfile()).toBe(text);
      }),
      { numRuns: 50 },
    );
    await session.release();
  });

  const moments: readonly Death["moment"][] = ["before", "halfway", "after"];
  it.each(moments)(
    "[P3C-16] [SYNC-41] killed %s any step of a write, it has the old text or the new one, whole",
    async (moment) => {
      const counting = createCrashingSteps(null);
      const first = await lock(counting.steps);
      await first.writeProfile("old");
      await first.release();
      const steps = counting.count();
      expect(steps).toBeGreaterThan(5);
      for (let step = 1; step <= steps; step += 1) {
        const before = await lock();
        await before.writeProfile("old");
        await before.release();
        const dying = await lock(createCrashingSteps({ step, moment }).steps);
        await expect(dying.writeProfile("a new and longer text")).rejects.toMatchObject({
          code: "storage-failed",
        });
        await dying.release();
        const after = await lock();
        expect(["old", "a new and longer text"]).toContain(await after.readProfile());
        await after.writeProfile("next");
        expect(await after.readProfile()).toBe("next");
        await after.release();
        expect((await readdir(folder)).sort()).toEqual(["lock", "profile.json"]);
      }
    },
  );

  it("[P3C-16] [SYNC-41] a disk that is full leaves the old text and says so", async () => {
    const session = await lock();
    await session.writeProfile("old");
    await session.release();
    const full = await lock({
      ...nodeFileSteps,
      async createFile(path) {
        const file = await nodeFileSteps.createFile(path);
        return {
          ...file,
          write: async () =>
            await Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })),
        };
      },
    });
    await expect(full.writeProfile("new")).rejects.toMatchObject({
      name: "ClientError",
      code: "storage-failed",
      message: expect.stringContaining("(ENOSPC). What was there before is untouched.") as string,
    });
    expect(await full.readProfile()).toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["lock", "profile.json"]);
    await full.release();
  });
});

describe("the lock", () => {
  it("[P3C-17] keeps a second caller out until the first lets go", async () => {
    const store = openProfileFolder(folder);
    const first = await lock();
    expect(await store.lock(0)).toEqual({ type: "in-use" });
    const waiting = store.lock(5000);
    await first.release();
    await expectType(await waiting, "locked").session.release();
  });

  it("[P3C-17] keeps another process out, and is free as soon as that one is killed", async () => {
    const script = fileURLToPath(new URL("client/hold-profile.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=@holdfast/source", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    expect(line.toString()).toBe("locked\n");
    expect(await openProfileFolder(folder).lock(0)).toEqual({ type: "in-use" });
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await lock()).release();
  });

  it("[P3C-17] a device that waits in vain says so", async () => {
    const devices = await createTestDevices();
    const device = devices.open("one", { lockWaitMs: 0 });
    const held = expectType(await openProfileFolder(devices.folder("one")).lock(0), "locked");
    expect(await device.status()).toEqual({ type: "profile-in-use" });
    await held.session.release();
    expect(await device.status()).toEqual({ type: "no-profile" });
    await devices.remove();
  });
});

describe("a damaged profile", () => {
  it.each([
    ["nothing", "", "it is not JSON"],
    ["half of it", '{"version": 2, "ser', "it is not JSON"],
    ["a list", "[]", "it is no profile"],
    ["an unknown field", '{"version": 2}', "its server is wrong"],
    ["a newer version", '{"version": 3}', "a newer version of Holdfast wrote it"],
  ])("[P3C-14] %s is reported and left as it is", async (_, text, detail) => {
    const devices = await createTestDevices();
    const device = devices.open("one");
    await device.status();
    const path = join(devices.folder("one"), "profile.json");
    await writeFile(path, text);
    const damaged = { type: "profile-damaged", location: path, detail };
    expect(await device.status()).toEqual(damaged);
    expect(await device.sync()).toEqual(damaged);
    expect(await device.login()).toEqual(damaged);
    expect(await readFile(path, "utf8")).toBe(text);
    await devices.remove();
  });

  it("[P3C-14] any change to a profile's structure is noticed, and no secret is quoted", async () => {
    const host = await startTestHost();
    const devices = await createTestDevices();
    const device = await devices.registered("one", host.url);
    expectType(await device.push(), "pushed");
    const path = join(devices.folder("one"), "profile.json");
    const profile = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    for (const field of Object.keys(profile)) {
      const { [field]: value, ...others } = profile;
      for (const damaged of [others, { ...profile, [field]: 12.5 }]) {
        await writeFile(path, JSON.stringify(damaged));
        const outcome = await device.status();
        const { detail } = expectType(outcome, "profile-damaged");
        expect(detail).not.toContain(String(value));
      }
    }
    await devices.remove();
    await host.close();
  });
});

describe("wallet files", () => {
  it("[P3C-18] are written for their owner alone, through a link as well", async () => {
    const path = join(root, "wallet");
    await writeFile(path, "old", { mode: 0o644 });
    await symlink(path, join(root, "link"));
    await writeWalletFile(join(root, "link"), "new");
    expect(await readWalletFile(path)).toBe("new");
    expect(await modeOf(path)).toBe(0o600);
    expect((await readdir(root)).sort()).toEqual(["link", "wallet"]);
  });

  it("[P3C-18] that are missing, too large or no text are refused by name", async () => {
    await expect(readWalletFile(join(root, "none"))).rejects.toMatchObject({
      code: "file-missing",
    });
    await writeFile(join(root, "binary"), Uint8Array.of(0xff, 0xfe));
    await expect(readWalletFile(join(root, "binary"))).rejects.toMatchObject({ code: "not-text" });
    await expect(readWalletFile(root)).rejects.toMatchObject({ code: "storage-failed" });
  });

  it("[P3C-18] changed by another program meanwhile are not overwritten", async () => {
    const path = join(root, "wallet");
    await writeFile(path, "as read");
    const session = await lock();
    await writeFile(path, "as another program left it");
    expect(await session.writeFile(path, "ours", "as read")).toEqual({
      type: "changed-meanwhile",
    });
    expect(await readFile(path, "utf8")).toBe("as another program left it");
    expect(await session.writeFile(path, "ours", "as another program left it")).toEqual({
      type: "written",
    });
    await session.release();
  });
});
