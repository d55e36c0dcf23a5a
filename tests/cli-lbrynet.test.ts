import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  createTemporaryFolder,
  type LbrynetDaemon,
  type ServerProcess,
  startLbrynetDaemon,
  startServerProcess,
} from "@holdfast/testing";
import {
  encryptWallet,
  formatWalletFile,
  inspectWallet,
  isLocked,
  parseWallet,
  unlockWallet,
} from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliAnswer, jsonOf, runCli, spawnCli } from "./cli/run-cli.ts";
import { walletFixture } from "./walkthrough/stage.ts";

const email = "joe2@example.com";
const password = "correct horse";

let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;
let daemon: LbrynetDaemon;
const outputs: string[] = [];

async function run(profile: string, ...args: readonly string[]): Promise<CliAnswer> {
  const answer = await runCli(["--profile", join(folder.path, profile), ...args], {
    env: { HOLDFAST_PASSWORD: password, HOLDFAST_SERVER: server.url },
  });
  outputs.push(answer.stdout, answer.stderr);
  return answer;
}

async function ok(
  profile: string,
  ...args: readonly string[]
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await run(profile, ...args, "--json");
  return jsonOf(answer);
}

function lbrynetSync(...args: readonly string[]): Promise<CliAnswer> {
  return run("home", "lbrynet", "sync", "--url", daemon.url, ...args);
}

function walletFile(name: string): string {
  return readFileSync(join(folder.path, "wallets", name), "utf8");
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  const wallets = join(folder.path, "wallets");
  mkdirSync(wallets);
  copyFileSync(walletFixture("test_wallet_1"), join(wallets, "default_wallet"));
  const clear = parseWallet(readFileSync(walletFixture("test_wallet_1"), "utf8"));
  let drawn = 0;
  const ivs = () => new Uint8Array(16).fill((drawn += 1));
  const locked = encryptWallet(clear, "disk", { now: 1_660_000_000, ivs });
  writeFileSync(join(wallets, "locked_wallet"), formatWalletFile(locked));
  daemon = await startLbrynetDaemon({
    walletsFolder: wallets,
    walletIds: ["default_wallet", "locked_wallet"],
  });
  server = await startServerProcess({ dataDir: join(folder.path, "host") });
  await ok("home", "register", email, "--protocol", "3");
  await ok("home", "login");
  await ok("away", "login", email, "--protocol", "3");
});
afterAll(async () => {
  await daemon.close();
  await server.stop();
  folder.remove();
});

describe("lbrynet sync", () => {
  it("[CLI-15] the daemon's wallet goes to the host, and to every device", async () => {
    const answer = await lbrynetSync();
    expect(answer).toMatchObject({
      exitCode: 0,
      stdout: "Pushed the daemon's changes as revision 1.\n",
    });
    await ok("away", "pull");
    const { stdout } = await run("away", "wallet", "export");
    const [account] = inspectWallet(parseWallet(stdout)).accounts;
    expect(account).toMatchObject({ id: "bWxUUJK5XMiQKufGUDE4xMv1kFk4gPv3cJ", channelCount: 3 });
    expect((await lbrynetSync()).stdout).toBe(
      "The daemon and the host already agree on revision 1.\n",
    );
  });

  it("[CLI-15] edits in the daemon and elsewhere meet, and both sides have both", async () => {
    await daemon.call("preference_set", { key: "animal", value: "cow" });
    await ok("away", "pref", "set", "car", "Audi");
    await ok("away", "push");
    const answer = await lbrynetSync("--json");
    expect(jsonOf(answer)).toEqual({
      sequence: 3,
      applied: true,
      pushed: true,
      hash: await daemon.call("sync_hash"),
    });
    expect(
      Object.fromEntries((await daemon.call("preference_get")) as Map<string, string>),
    ).toEqual({
      animal: "cow",
      car: "Audi",
    });
    await ok("away", "pull");
    expect((await ok("away", "pref", "list"))["preferences"]).toEqual({
      animal: "cow",
      car: "Audi",
    });
  });

  it("[CLI-15] with --watch, both directions go on by themselves", async () => {
    const profile = ["--profile", join(folder.path, "home"), "--json"];
    const watcher = spawnCli([
      ...profile,
      "lbrynet",
      "sync",
      "--watch",
      `--url=${daemon.url}`,
      "--every=1",
    ]);
    const lines = createInterface({ input: watcher.stdout })[Symbol.asyncIterator]();
    const until = async (
      isIt: (event: Readonly<Record<string, unknown>>) => boolean,
    ): Promise<void> => {
      for (;;) {
        const { done, value } = await lines.next();
        if (done === true) throw new Error("the watch ended early");
        outputs.push(value);
        if (isIt(JSON.parse(value) as Readonly<Record<string, unknown>>)) return;
      }
    };
    await until((event) => event["event"] === "acted");

    await daemon.call("preference_set", { key: "animal", value: "horse" });
    await until((event) => event["pushed"] === true);
    await ok("away", "pull");
    expect(await ok("away", "pref", "get", "animal")).toMatchObject({ value: "horse" });

    await ok("away", "pref", "set", "animal", "beaver");
    await ok("away", "push");
    await until((event) => event["applied"] === true);
    expect(await daemon.call("preference_get", { key: "animal" })).toEqual(
      new Map([["animal", "beaver"]]),
    );

    watcher.kill("SIGTERM");
    const [exitCode] = (await once(watcher, "close")) as [number | null];
    expect(exitCode).toBe(0);
  });

  it("[CLI-15] a locked wallet is refused; unlocked, it takes the account's password and says so", async () => {
    const wallet = ["--wallet-id", "locked_wallet"];
    const refused = await lbrynetSync(...wallet);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("is locked");
    expect(unlockWallet(parseWallet(walletFile("locked_wallet")), "disk")).toBeDefined();

    await daemon.call("wallet_unlock", { wallet_id: "locked_wallet", password: "disk" });
    const synced = await lbrynetSync(...wallet);
    expect(synced.exitCode).toBe(0);
    expect(synced.stderr).toContain("encrypted on disk");
    const file = parseWallet(walletFile("locked_wallet"));
    expect(isLocked(file)).toBe(true);
    expect(isLocked(unlockWallet(file, password))).toBe(false);
  });

  it.each([
    ["a daemon that is not there", ["--url", "http://127.0.0.1:9"], "could not be reached"],
    ["another machine", ["--url", "http://192.0.2.1:5279"], "another machine"],
    ["an unknown wallet", ["--wallet-id", "none"], "no such wallet"],
  ])("[CLI-15] %s is a sentence and exit code 1", async (_, args, text) => {
    const answer = await lbrynetSync(...args);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain(text);
  });

  it("[CLI-13] the password that the daemon quotes in its errors is never printed", () => {
    expect(daemon.calls).toContain("sync_apply");
    expect(outputs.join("\n")).not.toContain(password);
  });
});
