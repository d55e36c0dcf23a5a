/**
 * A full life of two accounts with planted secrets, through the library, over a real server process. Afterwards everything that the host
 * wrote, everything that passed over the wire, and everything a person was told is searched for them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { createRecoveryPhrase, recoveryWords } from "@holdfast/crypto";
import { type Device, Secret } from "@holdfast/client";
import {
  changeId,
  contactHost,
  createWallet,
  deleteAccount,
  handOver,
  type HeldAccount,
  invite,
  listHistory,
  listSessions,
  logInAgain,
  logInByPassword,
  logInByPhrase,
  readInvitation,
  rotate,
  setPasscode,
  setPassword,
  setRecoveryPhrase,
  unlockByPasscode,
  upgradeAccount,
} from "@holdfast/client/protocol-4";
import { createTemporaryFolder, type ServerProcess, startServerProcess } from "@holdfast/testing";
import { lbryFormat } from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemRandomBytes } from "../packages/client/src/adapters/system.ts";
import { runCli } from "./cli/run-cli.ts";
import { logInOn, registerOn } from "./client/account-4.ts";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  readProfile,
  readState,
  type TestDevices,
  walletOf,
} from "./client/test-devices.ts";
import { startWatching } from "./client/watching.ts";
import { findSecrets, findWords, type Planted, planted } from "./protocol-4/find-secrets.ts";
import { type RecordingProxy, startRecordingProxy } from "./protocol-4/recording-proxy.ts";

const ann = "ann@example.com";
const typed = {
  first: "canary: first password of Ann",
  wrong: "canary: wrong password of Ann",
  recovered: "canary: password after the recovery",
  changed: "canary: password after a change",
  rotated: "canary: password after the rotation",
  old: "canary: Joe's password of protocol 3",
  upgraded: 'canary: Joe\'s "new" password',
  passcode: "canary-passcode-9731",
  wrongPasscode: "canary-passcode-0000",
};
const values = ["canary value one", "canary value two", "canary value of Joe"];
const phrases = [1, 2, 3].map(() => createRecoveryPhrase(systemRandomBytes));
const wordsOf = phrases.map(recoveryWords);

const folder = createTemporaryFolder();
const dataDir = join(folder.path, "data");
const secrets = new Map<string, Planted>();
const tokens = new Map<string, Planted>();
/** what a person was told when something was refused */
const told: string[] = [];
/** the host's files at several moments, with the names of accounts that are deleted later */
const written: Buffer[] = [];
let proxy: RecordingProxy;
let server: ServerProcess;
let devices: TestDevices;
let log = "";

function plant(name: string, secret: string | Uint8Array): void {
  const one = planted(name, secret);
  secrets.set(`${name} ${one.bytes.toString("hex")}`, one);
}

/** Everything secret that a device of the account holds. */
function plantAccount(of: string, { unlocked, token }: HeldAccount): void {
  if (unlocked === null) throw new Error("locked");
  const { accountKey, keyring } = unlocked;
  plant(`accountKey of ${of}`, accountKey.expose());
  plant(`authority seed of ${of}`, keyring.authoritySeed.expose());
  plant(`name key of ${of}`, keyring.nameKey.expose());
  for (const { name, generations } of keyring.wallets)
    for (const secret of generations) plant(`generation of ${name} of ${of}`, secret.expose());
  if (token !== null) tokens.set(token.reveal(), planted(`token of ${of}`, token.reveal()));
}

function tell(outcome: object): void {
  told.push(JSON.stringify(outcome), inspect(outcome, { depth: 10 }));
}

async function held<Outcome extends object>(
  device: Device,
  of: string,
  work: (account: HeldAccount) => Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await device.protocol4.hold(async ({ account }) => {
    const done = await work(account);
    if (account.unlocked !== null) plantAccount(of, account);
    return done;
  });
  return outcome as Outcome;
}

function keepFiles(): void {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true });
  const contents = files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name)));
  written.push(Buffer.concat(contents));
}

async function plantWallet(device: Device): Promise<void> {
  const accounts = (await walletOf(device)).get("accounts");
  if (!Array.isArray(accounts) || accounts.length === 0) throw new Error("no account");
  for (const account of accounts as ReadonlyMap<string, string>[])
    for (const name of ["seed", "private_key"])
      plant(`${name} of a LBRY account`, account.get(name) ?? "");
}

/** What the command line says about a profile, refusals included. */
async function tellByCommand(profile: string, command: string): Promise<void> {
  const args = [command, "--profile", devices.folder(profile), "--json"];
  const { stdout, stderr } = await runCli(args);
  if (stdout + stderr === "") throw new Error("the command said nothing");
  told.push(stdout, stderr);
}

async function lifeOfAnn(): Promise<void> {
  const host = new URL(proxy.url);
  const [phrase, secondPhrase, thirdPhrase] = phrases;
  const one = devices.open("one");
  const account = { host, id: ann, password: typed.first, deviceName: "one", phrase: phrase! };
  const registered = await registerOn(one, account);
  expectType(registered, "registered");
  const file = await devices.walletFile("wallet", { first: values[0]! });
  expectType(await one.importWallet(await readFile(file, "utf8")), "imported");
  await plantWallet(one);
  expectType(await one.sync(), "synced");
  await held(one, "one", async (account) =>
    expectType(await createWallet(account, "canary wallet name"), "created"),
  );

  // A second device by password, after a wrong one.
  const two = devices.open("two");
  const logIn = async (password: string) =>
    await logInOn(two, { host, id: ann, password, deviceName: "two" });
  tell(expectType(await logIn(typed.wrong), "login-refused"));
  expectType(await logIn(typed.first), "logged-in");
  expectType(await two.sync(), "synced");
  const watching = startWatching(one, { action: "sync" });
  await watching.next("acted");
  expectType(await two.setPreference("second", values[1]!), "saved");
  expectType(await two.sync(), "synced");
  await watching.next("notice");
  await watching.next("acted");
  await watching.stop();
  await held(two, "two", async (account) => {
    expectType(await listHistory(account, "default" as never), "history");
    return expectType(await listSessions(account), "sessions");
  });

  // Everything lost but the words.
  const three = devices.open("three");
  const found = await three.protocol4.start(async (fresh) => {
    const ports = fresh.accountPorts(null);
    const unknown = { host, phrase: thirdPhrase!, deviceName: "three" };
    tell(expectType(await logInByPhrase(ports, unknown), "unknown-recovery"));
    return await logInByPhrase(ports, { host, phrase: phrase!, deviceName: "three" });
  });
  expectType(found, "logged-in");
  await held(three, "three", async (account) => {
    expectType(await setPassword(account, typed.recovered), "changed");
    return expectType(await setRecoveryPhrase(account, secondPhrase!), "changed");
  });
  expectType(await three.sync(), "synced");
  tell(expectType(await two.sync(), "credentials-refused"));
  await tellByCommand("two", "sync");
  await tellByCommand("two", "status");
  await held(two, "two again", async (account) => {
    tell(expectType(await logInAgain(account, { password: typed.first }), "login-refused"));
    return expectType(await logInAgain(account, { password: typed.recovered }), "logged-in");
  });

  // A fourth one by pairing, with a passcode.
  const four = devices.open("four");
  await four.protocol4.start(async (fresh) => {
    const offer = expectType(
      await invite(fresh.accountPorts(null), { host, deviceName: "four" }),
      "invited",
    );
    plant("pairing invitation", offer.invitation);
    await held(three, "three", async (account) => {
      const read = expectType(readInvitation(account, offer.invitation), "invitation");
      plant("pairing secret", read.invitation.secret);
      const guess = { type: "password", password: typed.wrong } as const;
      tell(await handOver(account, read.invitation, guess));
      const proof = { type: "password", password: typed.recovered } as const;
      return expectType(await handOver(account, read.invitation, proof), "handed-over");
    });
    const offered = expectType(await offer.answer(), "offered");
    return expectType(await offered.accept(), "logged-in");
  });
  await held(four, "four", async (account) =>
    expectType(await setPasscode(account, typed.passcode), "set"),
  );
  tell(expectType(await four.sync(), "passcode-needed"));
  await held(four, "four", async (account) => {
    tell(await unlockByPasscode(account, typed.wrongPasscode));
    expectType(await unlockByPasscode(account, typed.passcode), "unlocked");
    return expectType(await setPassword(account, typed.changed), "changed");
  });
  keepFiles();

  await held(four, "four rotated", async (account) => {
    expectType(await unlockByPasscode(account, typed.passcode), "unlocked");
    const rotation = { newPassword: typed.rotated, phrase: thirdPhrase! };
    const rotated = expectType(await rotate(account, rotation), "rotated");
    expect(rotated.renewed).toEqual({ type: "renewed" });
    return expectType(await changeId(account, `new-${ann}`), "changed");
  });
  const last = devices.open("last");
  expectType(
    await last.protocol4.start(async (fresh) => {
      const input = { host, id: `new-${ann}`, password: typed.rotated, deviceName: "last" };
      return await logInByPassword(fresh.accountPorts(null), input);
    }),
    "logged-in",
  );
  expectType(await last.sync(), "synced");
  expect(await preferencesOf(last)).toEqual({ first: values[0], second: values[1] });
  keepFiles();
  await held(last, "last", async (account) => expectType(await deleteAccount(account), "deleted"));
  tell(expectType(await four.sync(), "passcode-needed"));
}

/** An account of protocol 3 that becomes one of protocol 4. */
async function lifeOfJoe(): Promise<void> {
  const email = "joe@example.com";
  const old = devices.open("old");
  const input = { server: proxy.url, email, password: new Secret(typed.old) };
  expectType(await old.register(input), "registered");
  expectType(await old.login(), "logged-in");
  const file = await devices.walletFile("joe", { third: values[2]! });
  expectType(await old.importWallet(await readFile(file, "utf8")), "imported");
  await plantWallet(old);
  expectType(await old.sync(), "synced");
  const profile = await readProfile(devices, "old");
  const keys = profile["secrets"] as Record<"loginPassword" | "hmacKey" | "olderHmacKey", string>;
  plant("HMAC key of protocol 3", Buffer.from(keys.hmacKey, "hex"));
  plant("older HMAC key of protocol 3", Buffer.from(keys.olderHmacKey, "hex"));
  const { token } = profile["session"] as { token: string };
  const query = new URLSearchParams({ token });
  const stored = await fetch(`${proxy.url}/api/3/wallet?${query.toString()}`);
  const { hmac, sequence } = (await stored.json()) as { hmac: string; sequence: number };
  const { synced } = (await readState(devices, "old")).record as { synced: { hash: string } };

  const upgraded = devices.open("upgraded");
  await upgraded.protocol4.start(async (fresh) => {
    const outcome = await upgradeAccount(fresh.accountPorts(null), {
      host: new URL(proxy.url),
      id: email,
      loginPassword: new Secret(keys.loginPassword),
      newPassword: typed.upgraded,
      deviceName: "upgraded",
      format: lbryFormat,
      base: {
        sequence,
        hmac,
        hash: synced.hash,
        content: lbryFormat.contentOf(await walletOf(old)),
      },
    });
    return expectType(outcome, "upgraded");
  });
  await held(upgraded, "Joe", async (account) =>
    expectType(await contactHost(account), "in-touch"),
  );
  expectType(await upgraded.sync(), "synced");
  expect(await preferencesOf(upgraded)).toEqual({ third: values[2] });
  tell(await old.sync());
  await tellByCommand("old", "sync");
  keepFiles();
}

beforeAll(async () => {
  proxy = await startRecordingProxy();
  const env = { HOLDFAST_PUBLIC_URL: proxy.url, HOLDFAST_LOG_LEVEL: "trace" };
  server = await startServerProcess({ dataDir, env });
  proxy.passTo(server.url);
  devices = await createTestDevices();
  for (const [name, secret] of Object.entries(typed)) plant(`${name} password or code`, secret);
  for (const value of values) plant("preference value", value);
  plant("wallet name", "canary wallet name");
  for (const [at, phrase] of phrases.entries()) {
    plant(`phrase ${at} as bits`, phrase.expose());
    plant(`phrase ${at} as text`, wordsOf[at]!.join(" "));
  }
  await lifeOfAnn();
  await lifeOfJoe();
  await server.stop();
  keepFiles();
  log = server.output();
}, 300_000);
afterAll(async () => {
  // A life that failed half-way left it running.
  await server.stop();
  await proxy.close();
  await devices.remove();
  folder.remove();
});

function places(): (readonly [name: string, bytes: Buffer])[] {
  const all = ["address", "authorization", "headers", "body", "socket"] as const;
  return [
    ...written.map((bytes, at) => [`the host's files, ${at}`, bytes] as const),
    ["the host's log", Buffer.from(log)] as const,
    ["what a person was told", Buffer.from(told.join("\n"))] as const,
    ...all.flatMap((part) =>
      (["client", "host"] as const).map((from) => {
        const parts = proxy.traffic.filter((one) => one.part === part && one.from === from);
        const bytes = Buffer.concat(parts.flatMap((one) => [one.bytes, Buffer.from("\n")]));
        return [`${part} of the ${from}`, bytes] as const;
      }),
    ),
  ];
}

describe("a life of an account, and everything that came of it", () => {
  it("[P4-97] [P4K-1] no password, word, key, value or seed is anywhere, in any spelling", () => {
    expect(secrets.size).toBeGreaterThan(40);
    for (const [place, bytes] of places()) {
      expect([place, findSecrets(bytes, [...secrets.values()])]).toEqual([place, []]);
      for (const words of wordsOf) expect([place, findWords(bytes, words)]).toEqual([place, []]);
    }
  });

  it("[P4-97] [P4K-1] tokens are in their header, in the answer that gave them and in a socket's first message, and nowhere else", () => {
    const all = [...tokens.values()];
    expect(all.length).toBeGreaterThan(6);
    const elsewhere = places().filter(
      ([place]) =>
        !["authorization of the client", "body of the host", "socket of the client"].includes(
          place,
        ),
    );
    for (const [place, bytes] of elsewhere)
      expect([place, findSecrets(bytes, all)]).toEqual([place, []]);
    const found = new Map(places());
    expect(findSecrets(found.get("body of the host")!, all)).toHaveLength(all.length);
    expect(findSecrets(found.get("authorization of the client")!, all).length).toBeGreaterThan(6);
    expect(findSecrets(found.get("socket of the client")!, all)).not.toEqual([]);
  });

  it("[P4-97] the search looked at what it says: addresses are found, and every way of writing a secret down is", () => {
    const found = new Map(places());
    for (const place of ["the host's files, 0", "body of the client"])
      expect(found.get(place)?.includes(ann)).toBe(true);
    expect(found.get("the host's log")?.length).toBeGreaterThan(1000);
    for (const place of ["socket of the client", "socket of the host", "address of the client"])
      expect(found.get(place)?.length).toBeGreaterThan(50);
    expect(found.get("address of the client")?.includes("PUT /api/4/credentials")).toBe(true);

    const secret = planted("it", 'a "secret"?>');
    const { bytes } = secret;
    for (const before of ["", "x", "xy", "xyz"]) {
      const inside = Buffer.concat([Buffer.from(before), bytes, Buffer.from("after")]);
      for (const form of ["latin1", "hex", "base64", "base64url"] as const)
        expect(findSecrets(Buffer.from(`… ${inside.toString(form)} …`), [secret])).toEqual(["it"]);
    }
    expect(findSecrets(Buffer.from(bytes.toString("hex").toUpperCase()), [secret])).toEqual(["it"]);
    expect(findSecrets(Buffer.from(JSON.stringify({ a: bytes.toString() })), [secret])).toEqual([
      "it",
    ]);
    expect(findSecrets(Buffer.from('a "secret"'), [secret])).toEqual([]);
    const [words = []] = wordsOf;
    for (const between of [" ", "\n", '","', "", ", 7. "])
      expect(findWords(Buffer.from(words.slice(3, 6).join(between)), words)).toContain(
        "words 4 to 6",
      );
    expect(findWords(Buffer.from(JSON.stringify(words.slice(3, 6))), words)).not.toEqual([]);
    expect(findWords(Buffer.from(words.slice(3, 5).join(" ")), words)).toEqual([]);
  });
});
