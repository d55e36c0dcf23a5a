/**
 * The threat list, performed (docs/spec/protocol-4-client.md): a real host with an act in front of it, against the real client.
 * Each act is harmless, or reported under its name before anything is applied.
 */
import { randomBytes } from "node:crypto";
import { wasUsedWithProtocol4 } from "@holdfast/client";
import {
  changeCredentials,
  createPairing,
  createRecoveryPhrase,
  parseHeader,
  sealPairing,
  trustStoredHeader,
  type UnlockedAccount,
} from "@holdfast/crypto";
import type { DeviceRecord } from "@holdfast/client/engine";
import {
  changeId,
  clearPasscode,
  contactHost,
  createWallet,
  fingerprintsOf,
  handOver,
  type HeldAccount,
  invite,
  logInAgain,
  logInByPassword,
  logInByPhrase,
  readInvitation,
  register,
  rotate,
  setPasscode,
  settleChange,
  showAccount,
} from "@holdfast/client/protocol-4";
import { createHostileHost, otherNextState, problemOf, revisionAfter } from "@holdfast/testing";
import type { JsonValue } from "@holdfast/wallet/json";
import type { Content } from "@holdfast/wallet/merge";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createPlatform, openWallet, restart, type SyncedWallet } from "./protocol-4/device-4.ts";
import { type Held, loggedIn, newPerson, registered, startHost } from "./protocol-4/scene.ts";

type Credentials = {
  identity: string;
  states: { body: string; signature: string }[];
  slots: string[];
  keyring: string;
};
type Revision = { header: { body: string; signature: string }; encryptedWallet: string };

const evil = createHostileHost();
const person = newPerson();
const phrase = createRecoveryPhrase((length) => new Uint8Array(randomBytes(length)));
let host: URL;
/** The victim's device as it is at epoch 2, with revision 3 of its wallet. */
let victimDisk: Held["platform"]["disk"];
let victimRecord: DeviceRecord<Content<JsonValue>>;
/** Somebody else's account on the same host. */
let mallory: Held;
let malloryCredentials: Credentials;
let credentialsAtEpoch1: Credentials;
let unlockedAtEpoch1: UnlockedAccount;
let unlocked: UnlockedAccount;
const revisions: Revision[] = [];
const open: SyncedWallet[] = [];

startHost((url) => (host = url));
beforeAll(async () => {
  const { platform, account } = await registered(host, person, { phrase });
  unlockedAtEpoch1 = unlockedOf(account);
  credentialsAtEpoch1 = await ask<Credentials>(account, "credentials?after=0");
  const wallet = openWallet(account);
  await wallet.edit({ cow: 1 });
  revisions.push(await ask<Revision>(account, "wallets/default"));
  await wallet.edit({ horse: 2 });
  revisions.push(await ask<Revision>(account, "wallets/default"));
  const savings = await createWallet(account, "savings");
  if (savings.type !== "created") throw new Error(savings.type);
  await wallet.edit({ sheep: 3 });
  revisions.push(await ask<Revision>(account, "wallets/default"));
  wallet.driver.stop();
  unlocked = unlockedOf(account);
  victimDisk = platform.disk;
  victimRecord = wallet.saved();
  mallory = await registered(host, newPerson());
  malloryCredentials = await ask<Credentials>(mallory.account, "credentials?after=0");
});
afterEach(() => {
  evil.honest();
  for (const { driver } of open.splice(0)) driver.stop();
});

async function ask<Value>(account: HeldAccount, path: string): Promise<Value> {
  const response = await fetch(`${host.href}api/4/${path}`, {
    headers: { authorization: `Bearer ${account.token?.reveal() ?? ""}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Value;
}

function unlockedOf({ unlocked }: HeldAccount): UnlockedAccount {
  if (unlocked === null) throw new Error("locked");
  return unlocked;
}

/** The victim's device, started again from its disk, with the hostile host before it. */
function victim(): Held {
  const platform = createPlatform({ fetch: evil.fetch });
  platform.disk.account = victimDisk.account;
  for (const [walletId, text] of victimDisk.wallets) platform.disk.wallets.set(walletId, text);
  return { platform, account: restart(platform) };
}

function victimWallet(account: HeldAccount): SyncedWallet {
  const wallet = openWallet(account, { record: victimRecord });
  open.push(wallet);
  return wallet;
}

const head = (at: number) => trustStoredHeader(revisions[at]!.header);
const flipped = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
const everything = { cow: 1, horse: 2, sheep: 3 };

describe("states", () => {
  const after = (account: UnlockedAccount) =>
    changeCredentials(
      account,
      { addWallets: ["more"] },
      { random: (n) => new Uint8Array(randomBytes(n)), savedAt: 2 },
    );

  test.each<[string, (shown: Credentials) => Credentials, string]>([
    ["an older state", () => credentialsAtEpoch1, "rollback"],
    ["no state at all", (shown) => ({ ...shown, states: [] }), "rollback"],
    [
      "another state in the place of the newest, signed by a former device",
      (shown) => {
        const { state, keyring } = otherNextState(unlockedAtEpoch1);
        return { ...shown, states: [state], keyring };
      },
      "fork",
    ],
    [
      "newer states with one left out",
      (shown) => {
        const third = after(unlocked);
        const fourth = changeCredentials(
          third.account,
          { addWallets: ["even more"] },
          { random: (n) => new Uint8Array(randomBytes(n)), savedAt: 3 },
        );
        const states = [...shown.states, fourth.change.state];
        return { ...shown, states, keyring: fourth.account.sealedKeyring };
      },
      "missing-link",
    ],
    [
      "a newer state with a wrong signature",
      (shown) => {
        const { change, account } = after(unlocked);
        const state = { ...change.state, signature: flipped(change.state.signature) };
        return { ...shown, states: [...shown.states, state], keyring: account.sealedKeyring };
      },
      "forged",
    ],
    [
      "a newer state of somebody else's making",
      (shown) => {
        const { change } = after(unlockedOf(mallory.account));
        return { ...shown, states: [...shown.states, change.state] };
      },
      "missing-link",
    ],
    [
      "a state that the account made for another host",
      (shown) => {
        const { change } = changeCredentials(
          unlocked,
          { host: "https://other.example" as never },
          { random: (n) => new Uint8Array(randomBytes(n)), savedAt: 2 },
        );
        return { ...shown, states: [...shown.states, change.state] };
      },
      "wrong-host",
    ],
    ["another account's states", () => malloryCredentials, "rollback"],
    [
      "the account under another identity",
      (shown) => ({ ...shown, identity: malloryCredentials.identity }),
      "wrong-account",
    ],
    [
      "another account's slots",
      (shown) => ({ ...shown, slots: malloryCredentials.slots }),
      "wrong-slot",
    ],
    [
      "the keyring of an earlier epoch",
      (shown) => ({ ...shown, keyring: credentialsAtEpoch1.keyring }),
      "wrong-keyring",
    ],
    [
      "another account's keyring",
      (shown) => ({ ...shown, keyring: malloryCredentials.keyring }),
      "wrong-keyring",
    ],
  ])("[P4K-20] %s: reported by name, and nothing is applied", async (_act, change, fault) => {
    const { platform, account } = victim();
    const before = platform.disk.account;
    evil.change("GET /credentials", change);
    expect(await contactHost(account)).toMatchObject({ type: "host-misbehaves", fault });
    expect(platform.disk.account).toBe(before);

    const wallet = victimWallet(account);
    await wallet.edit({ goat: 4 });
    expect(wallet.reports[0]).toMatchObject({ type: "host-misbehaves", fault });
    expect(wallet.driver.state().record.problem).not.toBeNull();
    expect(wallet.view()).toEqual({ ...everything, goat: 4 });
    expect(evil.calls.at(-1)).not.toMatch(/^PUT/);
  });

  test("[P4K-22] the host's overview of the account is held against what this device has seen", async () => {
    const { account } = victim();
    evil.change("GET /account", (shown: { epoch: number }) => ({ ...shown, epoch: 1 }));
    expect(await showAccount(account)).toMatchObject({ fault: "rollback" });
    evil.change("GET /account", (shown: { wallets: { walletId: string }[] }) => ({
      ...shown,
      wallets: shown.wallets.map((wallet) =>
        wallet.walletId === "default" ? { ...wallet, sequence: 2 } : wallet,
      ),
    }));
    expect(await showAccount(account)).toMatchObject({ fault: "rollback" });
  });
});

describe("wallets", () => {
  /** A counterfeit history: `list` is what the host says the headers after revision 2 are. */
  const show = (newest: Revision, list: readonly Revision[]) => {
    evil.always("GET /wallets/default", { status: 200, value: newest });
    evil.act("GET /wallets/default/revisions", async ({ url }) => {
      const after = Number(url.searchParams.get("after"));
      const entries = list
        .filter(({ header }) => parseHeader(header.body).sequence > after)
        .map(({ header }) => ({ header, storedAt: 1, hasBody: true }));
      return await Promise.resolve({ status: 200, value: { headers: entries, head: 9 } });
    });
  };
  const third = () => revisions[2]!;
  const next = (options: Parameters<typeof revisionAfter>[2] = {}) =>
    revisionAfter(unlocked, head(2), options);

  test.each<[string, () => void, string]>([
    ["an older revision", () => show(revisions[0]!, []), "rolled-back"],
    [
      "no revision",
      () => evil.always("GET /wallets/default", problemOf(404, "no-revision")),
      "rolled-back",
    ],
    [
      "no such wallet",
      () => evil.always("GET /wallets/default", problemOf(404, "unknown-wallet")),
      "rolled-back",
    ],
    [
      "another revision in the place of the newest, by a former device",
      () => {
        const { revision } = revisionAfter(unlocked, head(1));
        show(revision, [revision]);
      },
      "forked",
    ],
    [
      "a longer history that parts from ours",
      () => {
        const other = revisionAfter(unlocked, head(1));
        const longer = revisionAfter(unlocked, trustStoredHeader(other.revision.header));
        show(longer.revision, [other.revision, longer.revision]);
      },
      "forked",
    ],
    [
      "a newer revision with one before it held back",
      () => {
        const hidden = next();
        const { revision } = revisionAfter(unlocked, trustStoredHeader(hidden.revision.header));
        show(revision, [third(), revision]);
      },
      "broken-chain",
    ],
    [
      "a newer header with an older ciphertext",
      () => {
        const { revision } = next();
        const spliced = { ...revision, encryptedWallet: third().encryptedWallet };
        show(spliced, [third(), spliced]);
      },
      "not-authentic",
    ],
    [
      "a ciphertext with one letter changed",
      () => {
        const { revision } = next();
        const changed = { ...revision, encryptedWallet: flipped(revision.encryptedWallet) };
        show(changed, [third(), changed]);
      },
      "not-authentic",
    ],
    [
      "a header with a wrong signature",
      () => {
        const { revision } = next();
        const { body, signature } = revision.header;
        const changed = { ...revision, header: { body, signature: flipped(signature) } };
        show(changed, [third(), changed]);
      },
      "not-authentic",
    ],
    [
      "a revision of another wallet of the account",
      () => {
        const [, savings] = unlocked.state.wallets;
        const { revision } = next({ walletId: savings!.walletId });
        show(revision, [third(), revision]);
      },
      "not-authentic",
    ],
    [
      "a revision of another account",
      () => {
        const { revision } = revisionAfter(unlockedOf(mallory.account), head(2));
        show(revision, [third(), revision]);
      },
      "not-authentic",
    ],
    [
      "a revision that is authentic and holds no wallet",
      () => {
        const { revision } = next({ document: "no wallet" });
        show(revision, [third(), revision]);
      },
      "undecodable",
    ],
  ])("[P4K-51] %s: reported by name, and nothing is applied", async (_act, begin, problem) => {
    const { account } = victim();
    const wallet = victimWallet(account);
    await wallet.driver.whenQuiet();
    begin();
    await wallet.syncNow();
    expect(wallet.driver.state().record.problem?.name).toBe(problem);
    expect(wallet.view()).toEqual(everything);
    const calls = evil.calls.length;
    await wallet.edit({ goat: 4 });
    expect(wallet.view()).toEqual({ ...everything, goat: 4 });
    expect(evil.calls.slice(calls).filter((call) => call.startsWith("PUT"))).toEqual([]);
  });

  test("[P4K-55] a receipt for another revision than the one sent is not believed", async () => {
    const { account } = victim();
    const wallet = victimWallet(account);
    await wallet.driver.whenQuiet();
    evil.act(
      "PUT /wallets/default",
      async () =>
        await Promise.resolve({
          status: 200,
          value: { walletId: "default", sequence: 4, hash: head(0).hash },
        }),
    );
    await wallet.edit({ goat: 4 });
    expect(wallet.driver.state().record.problem?.name).toBe("false-receipt");
    expect(account.record.wallets["default"]?.sequence).toBe(3);
  });

  test("[P4K-56] a conflict in which nothing is newer is not followed, and nothing is lost", async () => {
    const { account } = victim();
    const wallet = victimWallet(account);
    await wallet.driver.whenQuiet();
    const conflict = problemOf(409, "conflict");
    evil.always("PUT /wallets/default", {
      ...conflict,
      value: { ...(conflict.value as object), current: third() },
    });
    await wallet.edit({ goat: 4 });
    expect(wallet.driver.state()).toMatchObject({
      differs: true,
      network: { lastFailure: "garbled" },
    });
    expect(wallet.view()).toEqual({ ...everything, goat: 4 });
  });

  test("[P4K-53] updates that are withheld are harmless, and show where fingerprints are compared", async () => {
    const { account } = victim();
    const wallet = victimWallet(account);
    await wallet.driver.whenQuiet();
    const other = await loggedIn(host, person);
    const behind = openWallet(other.account);
    open.push(behind);
    await behind.driver.whenQuiet();
    expect(fingerprintsOf(other.account).wallets).toEqual(fingerprintsOf(account).wallets);
    // The newest revision is shown to one of the two devices only.
    const { revision, hash } = next();
    show(revision, [third(), revision]);
    await wallet.syncNow();
    await behind.syncNow();
    expect(account.record.wallets["default"]?.hash).toBe(hash);
    expect(behind.driver.state().record.problem).toBeNull();
    expect(behind.view()).toEqual(everything);
    expect(fingerprintsOf(other.account).view.code).not.toBe(fingerprintsOf(account).view.code);
  });
});

describe("changes of credentials", () => {
  test("[P4K-39] a wallet that is rolled back closes no generation: the rotation is not even begun", async () => {
    const { account, platform } = victim();
    const before = platform.disk.account;
    evil.always("GET /wallets/default", { status: 200, value: revisions[1] });
    const calls = evil.calls.length;
    expect(await rotate(account, { newPassword: "a safe horse" })).toMatchObject({
      type: "host-misbehaves",
      fault: "rollback",
    });
    expect(platform.disk.account).toBe(before);
    expect(evil.calls.slice(calls)).not.toContain("PUT /api/4/credentials");
  });

  test("[P4K-32] a change that the host only pretends to store is noticed at the next contact", async () => {
    const { account } = victim();
    evil.act(
      "PUT /credentials",
      async () => await Promise.resolve({ status: 200, value: { epoch: 3 } }),
    );
    expect(await createWallet(account, "never stored")).toMatchObject({ type: "created" });
    expect(await contactHost(account)).toMatchObject({ fault: "rollback" });

    const other = victim().account;
    evil.act(
      "PUT /credentials",
      async () => await Promise.resolve({ status: 200, value: { epoch: 9 } }),
    );
    expect(await createWallet(other, "a false receipt")).toMatchObject({
      type: "unsettled",
      failure: { fault: "false-receipt" },
    });
    expect(other.newest.epoch).toBe(2);
  });

  test("[P4K-25] [P4K-40] a change that waits for its answer keeps no key once the keys are forgotten, or lie under a passcode", async () => {
    const { account, platform } = victim();
    const accountKey = Buffer.from(unlocked.accountKey.expose()).toString("base64url");
    evil.always("PUT /credentials", { status: 503, value: {} });
    expect(await createWallet(account, "lost")).toMatchObject({ type: "unsettled" });
    expect(platform.disk.account).toContain(accountKey);
    expect(await setPasscode(account, "2580 is no date")).toEqual({ type: "set" });
    expect(platform.disk.account).not.toContain(accountKey);
    expect(await clearPasscode(account)).toEqual({ type: "cleared" });
    await account.forget();
    expect(platform.disk.account).toContain(account.record.identity);
    expect(platform.disk.account).not.toContain(accountKey);
  });

  test("[P4K-33] a host that takes a change over and over and never shows it is not asked for ever", async () => {
    const { account } = victim();
    evil.always("PUT /credentials", { status: 503, value: {} });
    expect(await createWallet(account, "lost")).toMatchObject({ type: "unsettled" });
    evil.always("PUT /credentials", { status: 200, value: { epoch: 3 } });
    const calls = evil.calls.length;
    expect(await settleChange(account)).toMatchObject({
      type: "unsettled",
      failure: { fault: "false-receipt" },
    });
    expect(evil.calls.length - calls).toBeLessThan(12);
    expect(account.newest.epoch).toBe(2);
  });
});

describe("answers that are none", () => {
  test.each<[string, () => Response, string]>([
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "http://elsewhere.example" } }),
      "redirect",
    ],
    [
      "twenty megabytes",
      () => new Response(new Uint8Array(20 * 1024 * 1024), { status: 200 }),
      "answer-too-large",
    ],
    ["a page", () => new Response("<html>welcome</html>", { status: 200 }), "malformed-answer"],
    [
      "JSON nested a hundred thousand deep",
      () => new Response("[".repeat(100_000) + "]".repeat(100_000), { status: 200 }),
      "malformed-answer",
    ],
    ["half of what it must hold", () => Response.json({ states: [] }), "malformed-answer"],
  ])("[P4K-2] %s: %s", async (_what, respond, fault) => {
    const { account } = victim();
    evil.act("GET /credentials", async () => await Promise.resolve(respond()));
    expect(await contactHost(account)).toMatchObject({ type: "host-misbehaves", fault });
  });

  test("[P4K-5] a host that only speaks protocol 3 any more is told nothing of it, and the device remembers why", async () => {
    const { account } = victim();
    for (const name of ["GET /credentials", "GET /wallets/default"])
      evil.act(
        name,
        async () => await Promise.resolve(new Response("404 not found", { status: 404 })),
      );
    const wallet = victimWallet(account);
    await wallet.edit({ goat: 4 });
    expect(wallet.driver.state().network.lastFailure).toBe("garbled");
    expect(evil.calls.filter((call) => call.includes("/api/3"))).toEqual([]);
    const { protocolMemory } = account.ports;
    const wasUsed = async (at: URL, id: string) =>
      await wasUsedWithProtocol4(protocolMemory, at, id);
    expect(await wasUsed(host, ` ${person.id.toUpperCase()}`)).toBe(true);
    expect(await wasUsed(host, "other@example.com")).toBe(false);
    expect(await wasUsed(new URL("https://other.example"), person.id)).toBe(false);
  });
});

test("[P4K-37] another address than the one it was given is not believed to be the account's now", async () => {
  const { account, platform } = await registered(host, newPerson(), { fetch: evil.fetch });
  const before = platform.disk.account;
  evil.change("PATCH /account", (answer: object) => ({ ...answer, id: "else@example.com" }));
  expect(await changeId(account, "new@example.com")).toMatchObject({ fault: "false-receipt" });
  expect(platform.disk.account).toBe(before);
});

describe("logging in", () => {
  test.each<[string, (shown: Credentials) => Credentials, string]>([
    [
      "another account's slots",
      (shown) => ({ ...shown, slots: malloryCredentials.slots }),
      "wrong-slot",
    ],
    ["no slot", (shown) => ({ ...shown, slots: [] }), "wrong-slot"],
    [
      "another account's keyring",
      (shown) => ({ ...shown, keyring: malloryCredentials.keyring }),
      "wrong-keyring",
    ],
    ["another account", () => malloryCredentials, "wrong-slot"],
  ])(
    "[P4K-21] on a new device, shown %s: refused by name, and nothing is kept",
    async (_what, change, fault) => {
      const platform = createPlatform({ fetch: evil.fetch });
      evil.change("POST /sessions/finish", (answer: { credentials: Credentials }) => ({
        ...answer,
        credentials: change(answer.credentials),
      }));
      const outcome = await logInByPassword(platform.ports, { host, ...person, deviceName: "new" });
      expect(outcome).toMatchObject({ type: "host-misbehaves", fault });
      expect(platform.disk.account).toBeNull();
    },
  );

  test("[P4K-21] on a device that knows the account, the credentials of an earlier time are a rollback", async () => {
    const { account, platform } = await loggedIn(host, person, { fetch: evil.fetch });
    const before = platform.disk.account;
    evil.change("POST /sessions/finish", (answer: object) => ({
      ...answer,
      credentials: credentialsAtEpoch1,
    }));
    expect(await logInAgain(account, person)).toMatchObject({ fault: "rollback" });
    expect(platform.disk.account).toBe(before);
  });

  test("[P4K-22] [P4K-5] a login that is answered for another address is refused, and what was typed is remembered", async () => {
    const platform = createPlatform({ fetch: evil.fetch });
    evil.change("POST /sessions/finish", (answer: object) => ({
      ...answer,
      id: "else@example.com",
    }));
    const outcome = await logInByPassword(platform.ports, { host, ...person, deviceName: "new" });
    expect(outcome).toMatchObject({ type: "host-misbehaves", fault: "wrong-account" });
    expect(platform.disk.account).toBeNull();
    const { protocolMemory } = platform.ports;
    expect(await wasUsedWithProtocol4(protocolMemory, host, person.id)).toBe(true);
  });

  test("[P4K-26] a login that another host passes on is refused by the real one: by password, and by phrase", async () => {
    const relay = createHostileHost(host);
    const there = new URL("http://phishing.example");
    const platform = createPlatform({ fetch: relay.fetch });
    const typed = { host: there, ...person, deviceName: "lured" };
    expect(await logInByPassword(platform.ports, typed)).toEqual({ type: "login-refused" });
    const words = { host: there, phrase, deviceName: "lured" };
    expect(await logInByPhrase(platform.ports, words)).toMatchObject({ fault: "wrong-host" });
    expect(relay.calls).not.toContain("POST /api/4/sessions/signature");
  });

  test("[P4K-35] a recovery that is shown another slot, or an earlier time, is refused by name", async () => {
    const platform = createPlatform({ fetch: evil.fetch });
    const words = { host, phrase, deviceName: "found" };
    evil.change("POST /recovery", (answer: { credentials: Credentials }) => ({
      credentials: { ...answer.credentials, slots: malloryCredentials.slots },
    }));
    expect(await logInByPhrase(platform.ports, words)).toMatchObject({ fault: "wrong-slot" });
    evil.change("POST /recovery", () => ({ credentials: malloryCredentials }));
    expect(await logInByPhrase(platform.ports, words)).toMatchObject({ fault: "wrong-slot" });
    expect(platform.disk.account).toBeNull();
    evil.change("POST /recovery", () => ({ credentials: credentialsAtEpoch1 }));
    const { account } = victim();
    const known = { ...words, known: account };
    expect(await logInByPhrase(account.ports, known)).toMatchObject({ fault: "rollback" });
  });

  test("[P4K-31] a registration that is answered with another account is not believed", async () => {
    const platform = createPlatform({ fetch: evil.fetch });
    evil.change("POST /accounts/finish", (answer: object) => ({
      ...answer,
      identity: malloryCredentials.identity,
    }));
    const outcome = await register(platform.ports, { host, ...newPerson(), deviceName: "new" });
    expect(outcome).toMatchObject({ type: "host-misbehaves", fault: "false-receipt" });
  });
});

describe("pairing", () => {
  async function invited() {
    const platform = createPlatform({ fetch: evil.fetch });
    const offer = await invite(platform.ports, { host, deviceName: "new" });
    if (offer.type !== "invited") throw new Error(offer.type);
    const { account } = victim();
    const read = readInvitation(account, offer.invitation);
    if (read.type !== "invitation") throw new Error(read.type);
    return { platform, offer, account, invitation: read.invitation };
  }
  const message = (value: string) => ({ status: 200, value: { message: value } });

  test("[P4K-46] a message of the host's making, or for another invitation, does not open", async () => {
    const { offer, invitation, account } = await invited();
    const name = `GET /pairings/${invitation.pairingId}`;
    const paired = { id: person.id, account: unlocked, states: account.states, heads: [] };
    const other = await createPairing(
      invitation.host,
      "new",
      (n) => new Uint8Array(randomBytes(n)),
    );
    evil.always(name, message(await sealPairing(other.invitation, paired)));
    expect(await offer.answer()).toEqual({ type: "not-authentic" });
    // The host knows the invitation's public half if it watched the screen, but then it may as well show its own account:
    const { publicKey, pairingId } = invitation;
    const guessed = { ...other.invitation, publicKey, pairingId };
    evil.always(name, message(await sealPairing(guessed, paired)));
    expect(await offer.answer()).toEqual({ type: "not-authentic" });
    evil.always(name, message("AAAA"));
    expect(await offer.answer()).toEqual({ type: "not-authentic" });
  });

  test("[P4K-45] whoever saw the invitation can offer another account, which the person sees before a yes", async () => {
    const { platform, offer, invitation } = await invited();
    const { account } = mallory;
    const { record, states } = account;
    const paired = { id: record.id, account: unlockedOf(account), states, heads: [] };
    evil.always(
      `GET /pairings/${invitation.pairingId}`,
      message(await sealPairing(invitation, paired)),
    );
    const answer = await offer.answer();
    expect(answer).toMatchObject({ type: "offered", id: record.id });
    if (answer.type !== "offered") return;
    expect(answer.fingerprint).not.toEqual(fingerprintsOf(victim().account).identity);
    expect(platform.disk.account).toBeNull();
  });

  test("[P4K-5] under whatever address a host logs a paired device in, the one that was shown is remembered", async () => {
    const { platform, offer, invitation, account } = await invited();
    const proof = { type: "password", password: person.password } as const;
    expect(await handOver(account, invitation, proof)).toEqual({ type: "handed-over" });
    const answer = await offer.answer();
    if (answer.type !== "offered") throw new Error(answer.type);
    evil.change("POST /sessions/signature", (shown: object) => ({
      ...shown,
      id: "else@example.com",
    }));
    expect((await answer.accept()).type).toBe("logged-in");
    const { protocolMemory } = platform.ports;
    expect(await wasUsedWithProtocol4(protocolMemory, host, person.id)).toBe(true);
  });

  test("[P4K-45] the password of an account that a host puts in the place of this one hands nothing over", async () => {
    const { invitation } = await invited();
    const thief = newPerson();
    await registered(host, thief);
    // Who sits at the device and has the host with them types a password of their own.
    const platform = createPlatform({
      fetch: async (input, init) => {
        const body = init?.body;
        if (typeof body !== "string") return await evil.fetch(input, init);
        return await evil.fetch(input, { ...init, body: body.replace(person.id, thief.id) });
      },
    });
    platform.disk.account = victimDisk.account;
    const account = restart(platform);
    const asThief = { type: "password", password: thief.password } as const;
    expect(await logInAgain(account, asThief)).toMatchObject({ type: "host-misbehaves" });
    expect(await handOver(account, invitation, asThief)).toEqual({ type: "wrong-proof" });
    expect(evil.calls).not.toContain(`PUT /api/4/pairings/${invitation.pairingId}`);
  });

  test("[P4K-46] an invitation of another host is not answered", () => {
    const { account } = victim();
    const line = "holdfast-pair:";
    expect(readInvitation(account, `${line}AAAA`)).toEqual({ type: "malformed-invitation" });
    expect(readInvitation(account, "http://elsewhere.example")).toEqual({
      type: "malformed-invitation",
    });
  });

  test("[P4K-47] a paired device notices a rollback of a wallet that it has never seen itself", async () => {
    const { offer, invitation, account } = await invited();
    const proof = { type: "password", password: person.password } as const;
    expect(await handOver(account, invitation, proof)).toEqual({ type: "handed-over" });
    const answer = await offer.answer();
    if (answer.type !== "offered") throw new Error(answer.type);
    const login = await answer.accept();
    if (login.type !== "logged-in") throw new Error(login.type);
    evil.always("GET /wallets/default", { status: 200, value: revisions[1] });
    const wallet = openWallet(login.account);
    open.push(wallet);
    await wallet.driver.whenQuiet();
    expect(wallet.driver.state().record.problem?.name).toBe("rolled-back");
    expect(wallet.view()).toEqual({});
    evil.always("GET /wallets/default", problemOf(404, "no-revision"));
    const again = openWallet(login.account);
    open.push(again);
    await again.driver.whenQuiet();
    expect(again.driver.state().record.problem?.name).toBe("rolled-back");
  });
});

describe("after a rotation", () => {
  test("[P4K-39] nothing that a former device and the host make together is taken: keys, credentials or revisions", async () => {
    const someone = newPerson();
    const one = await registered(host, someone, { fetch: evil.fetch });
    const wallet = openWallet(one.account);
    open.push(wallet);
    await wallet.edit({ cow: 1 });
    const stolen = unlockedOf(one.account);
    const oldCredentials = await ask<Credentials>(one.account, "credentials?after=0");
    const rotated = await rotate(one.account, { newPassword: "a safe horse" });
    expect(rotated).toMatchObject({ type: "rotated", renewed: { type: "renewed" } });
    const newest = await ask<Revision>(one.account, "wallets/default");
    const headNow = trustStoredHeader(newest.header);
    const theft = revisionAfter(stolen, headNow, { generation: 1 });

    evil.change("GET /credentials", () => oldCredentials);
    expect(await contactHost(one.account)).toMatchObject({ fault: "rollback" });
    evil.change("GET /credentials", (shown: Credentials) => {
      const { state, keyring } = otherNextState(stolen);
      return { ...shown, states: [state], keyring };
    });
    expect(await contactHost(one.account)).toMatchObject({ fault: "fork" });
    evil.honest();

    evil.always("GET /wallets/default", { status: 200, value: theft.revision });
    evil.act("GET /wallets/default/revisions", async (_, real) => {
      const { value } = await real();
      const { headers } = value as { headers: object[] };
      const forged = { header: theft.revision.header, storedAt: 1, hasBody: true };
      return { status: 200, value: { headers: [...headers, forged] } };
    });
    const after = openWallet(one.account, { record: wallet.saved() });
    open.push(after);
    await after.driver.whenQuiet();
    expect(after.driver.state().record.problem?.name).toBe("not-authentic");
    expect(after.view()).toEqual({ cow: 1 });

    // A new device that remembers nothing sees it too.
    const fresh = await loggedIn(
      host,
      { ...someone, password: "a safe horse" },
      { fetch: evil.fetch },
    );
    const seen = openWallet(fresh.account);
    open.push(seen);
    await seen.driver.whenQuiet();
    expect(seen.driver.state().record.problem?.name).toBe("not-authentic");
    expect(seen.view()).toEqual({});
  });
});
