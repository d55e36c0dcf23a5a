import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNodeDevice } from "@holdfast/client/node";
import { logInByPassword, register } from "@holdfast/client/protocol-4";
import {
  createTemporaryFolder,
  type LbrySyncApi,
  type ServerProcess,
  startLbrySyncApi,
  startServerProcess,
} from "@holdfast/testing";
import { hashWallet, packWallet, type WalletDocument } from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliAnswer, jsonOf, runCli } from "./cli/run-cli.ts";
import { accountIdsOf, expectType, newWallet, preferencesOf } from "./client/test-devices.ts";

const id = "joe@example.com";
const password = "correct horse battery staple";
const preferences = { animal: "canary cow", car: "canary Audi" };
const wallet = newWallet(preferences);
let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;
let api: LbrySyncApi;

const profile = (name: string): string => join(folder.path, name);
const device = (name: string) => createNodeDevice(profile(name));

beforeAll(async () => {
  folder = createTemporaryFolder();
  server = await startServerProcess({ dataDir: profile("host") });
  api = await startLbrySyncApi();
});
afterAll(async () => {
  await api.close();
  await server.stop();
  folder.remove();
});

async function registered(name: string): Promise<void> {
  const outcome = await device(name).protocol4.start(async (fresh) => {
    const host = new URL(server.url);
    const input = { host, id: `${name}-${id}`, password, deviceName: name };
    return await register(fresh.accountPorts(null), input);
  });
  expectType(outcome, "registered");
}

/** Stores a wallet as LBRY Desktop does, with `sync/set`; gives the account's token. */
async function storedAtLbry(
  document: WalletDocument,
  { packedUnder = "", hash = hashWallet(document) } = {},
): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  api.accounts.set(token, null);
  const data = await packWallet(document, packedUnder, { iv: randomBytes(16) });
  const body = new URLSearchParams({ auth_token: token, old_hash: "", new_hash: hash, data });
  const answer = await fetch(`${api.url}/sync/set`, { method: "POST", body });
  expect(answer.status).toBe(200);
  return token;
}

async function migrate(
  name: string,
  token: string,
  { args = ["--yes"], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<CliAnswer> {
  const command = ["migrate", "lbry-legacy", "--api", api.url, "--profile", profile(name)];
  const answer = await runCli([...command, "--json", ...args], {
    env: { HOLDFAST_LBRY_TOKEN: token, ...env },
  });
  for (const secret of [token, password, "canary password", "canary cow", ...seeds()])
    expect(answer.stdout + answer.stderr).not.toContain(secret);
  return answer;
}

function seeds(): string[] {
  const accounts = wallet.get("accounts") as readonly ReadonlyMap<string, string>[];
  return accounts.flatMap((one) => [one.get("seed") ?? "?", one.get("private_key") ?? "?"]);
}

function refusal({ exitCode, stdout }: CliAnswer): unknown {
  const { error } = JSON.parse(stdout) as { error: { code: string } };
  return [exitCode, error.code];
}

describe("migrate lbry-legacy", () => {
  it("[CLI-40] takes over what LBRY's sync has: shown without secrets, on the host, and on every device", async () => {
    await registered("one");
    const token = await storedAtLbry(wallet);
    const answer = await migrate("one", token);
    expect(jsonOf(answer)).toMatchObject({
      how: "taken",
      sequence: 1,
      conflicts: 0,
      preferences: ["animal", "car"],
      accounts: await accountIdsOf(device("one")),
    });
    expect(answer.stderr).toContain("Preferences: animal, car");
    expect(api.calls.at(-1)).toBe("POST /sync/get application/x-www-form-urlencoded");
    const other = device("other");
    const login = await other.protocol4.start(async (fresh) => {
      const host = new URL(server.url);
      const input = { host, id: `one-${id}`, password, deviceName: "other" };
      return await logInByPassword(fresh.accountPorts(null), input);
    });
    expectType(login, "logged-in");
    expectType(await other.sync(), "synced");
    expect(await preferencesOf(other)).toEqual(preferences);
    expect(await accountIdsOf(other)).toEqual(await accountIdsOf(device("one")));
    // Once more changes nothing, and at LBRY's everything is as it was.
    expect(jsonOf(await migrate("one", token))).toMatchObject({ sequence: 1, conflicts: 0 });
    expect(api.accounts.get(token)?.hash).toBe(hashWallet(wallet));
  });

  it("[CLI-40] merges into a wallet that is there, and opens one that was packed under a password", async () => {
    await registered("two");
    expectType(await device("two").setPreference("boat", "canoe"), "saved");
    const token = await storedAtLbry(wallet, { packedUnder: "canary password" });
    const wrong = { HOLDFAST_LBRY_PASSWORD: "wrong password" };
    expect(refusal(await migrate("two", token, { env: wrong }))).toEqual([1, "invalid-password"]);
    expect(refusal(await migrate("two", token))).toEqual([2, "no-password"]);
    expect(await preferencesOf(device("two"))).toEqual({ boat: "canoe" });
    const file = profile("password");
    writeFileSync(file, "canary password\n");
    const args = ["--yes", "--lbry-password-file", file];
    expect(jsonOf(await migrate("two", token, { args }))).toMatchObject({ how: "merged" });
    expect(await preferencesOf(device("two"))).toEqual({ ...preferences, boat: "canoe" });
    expect(await device("two").status()).toMatchObject({ hasLocalChanges: false });
  });

  it("[CLI-40] asks first: where nobody can be asked, nothing is imported without --yes", async () => {
    await registered("three");
    const token = await storedAtLbry(wallet);
    expect(refusal(await migrate("three", token, { args: [] }))).toEqual([2, "usage"]);
    expect(await accountIdsOf(device("three"))).toEqual([]);
  });

  it("[CLI-40] a profile without an account is told so before anybody is asked for anything", async () => {
    const calls = api.calls.length;
    const answer = await migrate("nobody", "token");
    expect(refusal(answer)).toEqual([1, "no-profile"]);
    expect(answer.stderr).toMatch(/regist|log in/u);
    expect(api.calls.length).toBe(calls);
  });

  it("[CLI-40] a wallet that its hash does not name is refused, unless that is wanted", async () => {
    await registered("four");
    const hash = createHash("sha256").update("another wallet").digest("hex");
    const token = await storedAtLbry(wallet, { hash });
    expect(refusal(await migrate("four", token))).toEqual([1, "other-hash"]);
    expect(await accountIdsOf(device("four"))).toEqual([]);
    const args = ["--yes", "--other-hash"];
    expect(jsonOf(await migrate("four", token, { args }))).toMatchObject({ how: "taken" });
  });

  it("[CLI-40] no wallet, a token that is refused, and an address of something else have names", async () => {
    await registered("five");
    api.accounts.set("token-of-a-newcomer", null);
    expect(refusal(await migrate("five", "token-of-a-newcomer"))).toEqual([1, "no-wallet"]);
    expect(refusal(await migrate("five", "token-of-a-stranger"))).toEqual([1, "token-refused"]);
    const elsewhere = ["--yes", "--api", server.url];
    expect(refusal(await migrate("five", "token-of-joe", { args: elsewhere }))).toEqual([
      1,
      "api-refused",
    ]);
    const plain = ["--yes", "--api", "http://api.example.com"];
    expect(refusal(await migrate("five", "token-of-joe", { args: plain }))).toEqual([
      1,
      "server-refused",
    ]);
  });
});
