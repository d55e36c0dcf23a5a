import { createHash, randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNodeDevice } from "@holdfast/client/node";
import {
  createTemporaryFolder,
  type LbrySyncApi,
  type ServerProcess,
  startLbrySyncApi,
  startServerProcess,
} from "@holdfast/testing";
import { hashWallet, packWallet, type WalletDocument } from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kitOf, wordAsked } from "./cli/recovery-kit.ts";
import { type CliAnswer, jsonOf, runCli } from "./cli/run-cli.ts";
import { type Reply, talkToCli } from "./cli/talk-to-cli.ts";
import { logInOn, registerOn } from "./client/account-4.ts";
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
  const input = { id: `${name}-${id}`, password, deviceName: name };
  const outcome = await registerOn(device(name), { host: new URL(server.url), ...input });
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

function eventsOf({ exitCode, stdout, stderr }: CliAnswer): Readonly<Record<string, unknown>>[] {
  if (exitCode !== 0) throw new Error(`exit code ${String(exitCode)}: ${stderr}`);
  const lines = stdout.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
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
    const input = { id: `one-${id}`, password, deviceName: "other" };
    const login = await logInOn(other, { host: new URL(server.url), ...input });
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

  it("[CLI-40] a script has to say which account an empty profile is to have, before anything is fetched", async () => {
    const calls = api.calls.length;
    const answer = await migrate("nobody", "token");
    expect(refusal(answer)).toEqual([2, "usage"]);
    expect(answer.stderr).toMatch(/--register EMAIL .* --login EMAIL/u);
    await registered("somebody");
    const again = await migrate("somebody", "token", { args: ["--yes", "--register", id] });
    expect(refusal(again)).toEqual([1, "profile-exists"]);
    const other = await migrate("somebody", "token", { args: ["--yes", "--login", id] });
    expect(refusal(other)).toEqual([1, "profile-exists"]);
    expect(api.calls.length).toBe(calls);
  });

  it("[CLI-40] registers an account and pushes in one command; logging in merges into what the account has", async () => {
    const env = { HOLDFAST_SERVER: server.url, HOLDFAST_PASSWORD: password };
    const email = "new@example.com";
    const token = await storedAtLbry(wallet);
    const args = ["--yes", "--register", email, "--show-words"];
    const answer = await migrate("new", token, { args, env });
    expect(answer.exitCode).toBe(0);
    const [account, taken] = eventsOf(answer);
    expect(account).toMatchObject({ event: "account", email, protocol: 4, recovery: true });
    expect(account?.["recoveryWords"]).toHaveLength(24);
    expect(taken).toMatchObject({ how: "taken", sequence: 1 });

    const document = newWallet({ boat: "canoe" });
    const other = await storedAtLbry(document);
    const login = ["--yes", "--login", email];
    const wrong = { ...env, HOLDFAST_PASSWORD: "wrong horse" };
    expect(refusal(await migrate("new-2", other, { args: login, env: wrong }))).toEqual([
      1,
      "login-refused",
    ]);
    expect(existsSync(profile("new-2/profile.json"))).toBe(false);
    const [opened, merged] = eventsOf(await migrate("new-2", other, { args: login, env }));
    expect(opened).toMatchObject({
      event: "account",
      email,
      fingerprint: account?.["fingerprint"],
    });
    expect(merged).toMatchObject({ how: "merged", sequence: 2, conflicts: 0 });
    expectType(await device("new").sync(), "synced");
    for (const name of ["new", "new-2"]) {
      expect(await preferencesOf(device(name))).toEqual({ ...preferences, boat: "canoe" });
      expect(await accountIdsOf(device(name))).toHaveLength(2);
    }
    // A profile that logged out logs in again by itself.
    expect((await runCli(["--profile", profile("new-2"), "logout"])).exitCode).toBe(0);
    const [again] = eventsOf(await migrate("new-2", other, { args: ["--yes"], env }));
    expect(again).toMatchObject({ event: "account", email });
  });

  it("[CLI-24] [CLI-40] [CLI-46] asks a person where to go, shows what it found, and does nothing before the yes", async () => {
    const env = { HOLDFAST_SERVER: server.url };
    const email = "person@example.com";
    const token = await storedAtLbry(wallet);
    const command = ["migrate", "lbry-legacy", "--api", api.url, "--profile", profile("person")];
    const questions = (yes: string): Reply[] => [
      ["Where is the wallet to go?", ""],
      ["E-mail address:", email],
      ["Auth token", token],
      [
        /Preferences: animal, car\n\nIt .* person@example\.com at [^]*Register .* push the wallet\?/u,
        yes,
      ],
    ];
    const no = await talkToCli(command, questions("n"), { env });
    expect(no).toMatchObject({ exitCode: 1, stdout: "" });
    expect(no.stderr).toContain("Nothing was changed, here or on the host.");
    expect(existsSync(profile("person/profile.json"))).toBe(false);

    const word: Reply = [/Word \d+ of them:/u, (seen) => wordAsked(seen, words)];
    let words: readonly string[] = [];
    const yes = await talkToCli(
      command,
      [
        ...questions("y"),
        ["Password:", password],
        ["The same again:", password],
        [
          "Press Enter",
          (seen) => {
            words = kitOf(seen);
            return "";
          },
        ],
        word,
        word,
        word,
      ],
      { env },
    );
    expect(yes.exitCode).toBe(0);
    expect(yes.stdout).toMatch(
      /^Registered person@example\.com [^]*is the wallet of this device, and is on the host as revision 1\.$/mu,
    );
    // The kit was on the second screen, and is not on the first one.
    expect(yes.left).not.toContain("Your recovery kit");
    expect(kitOf(yes.left).filter((word, at) => word === words[at])).toEqual([]);
    expect(yes.left).not.toMatch(/Word \d+ of them/u);
    for (const secret of [token, password, ...seeds()])
      expect(yes.stdout + yes.stderr).not.toContain(secret);
    expect(await device("person").status()).toMatchObject({ email, hasLocalChanges: false });
    expect(await accountIdsOf(device("person"))).toHaveLength(1);
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
