import { createRecoveryPhrase, parseRecoveryPhrase, recoveryWords } from "@holdfast/crypto";
import {
  clearPasscode,
  contactHost,
  createWallet,
  fingerprintsOf,
  handOver,
  invite,
  listWallets,
  logInAgain,
  logInByPassword,
  logInByPhrase,
  openOldRevision,
  readInvitation,
  removeRecoveryPhrase,
  renewSession,
  rotate,
  setPasscode,
  setPassword,
  setRecoveryPhrase,
  settleChange,
  unlockByPasscode,
  unlockByPhrase,
} from "@holdfast/client/protocol-4";
import { createJsonFormat } from "@holdfast/wallet/json";
import { describe, expect, test } from "vitest";
import { systemRandomBytes } from "../packages/client/src/adapters/system.ts";
import { createPlatform, openWallet, restart } from "./protocol-4/device-4.ts";
import { createFaults } from "./protocol-4/faults.ts";
import { loggedIn, newPerson, registered, startHost } from "./protocol-4/scene.ts";

let host: URL;

startHost((url) => (host = url));

describe("a new password", () => {
  test("[P4K-32] [P4K-34] opens the account from then on; the other device forgets its keys and keeps its wallet", async () => {
    const person = newPerson();
    const one = await registered(host, person);
    const two = await loggedIn(host, person);
    const wallet = openWallet(two.account);
    await wallet.edit({ cow: 1 });

    expect(await setPassword(one.account, "another horse")).toEqual({ type: "changed" });
    expect(await contactHost(one.account)).toEqual({ type: "in-touch" });

    await wallet.edit({ sheep: 2 });
    expect(wallet.driver.state().access).toEqual({ type: "refused" });
    expect(wallet.view()).toEqual({ cow: 1, sheep: 2 });
    expect(two.account.unlocked).toBeNull();

    expect(await logInAgain(two.account, person)).toEqual({ type: "login-refused" });
    const again = await logInAgain(two.account, { password: "another horse" });
    expect(again).toMatchObject({ type: "logged-in" });
    const restarted = openWallet(two.account, { record: wallet.saved() });
    await restarted.driver.whenQuiet();
    expect(restarted.driver.state().differs).toBe(false);
    expect(restarted.driver.state().record.synced.sequence).toBe(2);
    for (const one of [wallet, restarted]) one.driver.stop();
  });

  test("[P4K-25] an unlocked device whose session ended does not log in by itself once the password was changed", async () => {
    const person = newPerson();
    const one = await registered(host, person);
    const two = await loggedIn(host, person);
    await setPassword(one.account, "another horse");
    expect(await renewSession(two.account)).toEqual({ type: "credentials-changed" });
    expect(two.account.unlocked).toBeNull();
    expect(restart(two.platform).unlocked).toBeNull();
    expect(two.platform.disk.account).not.toContain("accountKey");
  });

  test.each(["request", "answer"] as const)(
    "[P4K-33] is settled after the %s was lost, by what the host's states show",
    async (lost) => {
      const person = newPerson();
      const faults = createFaults();
      const one = await registered(host, person, { fetch: faults.fetch });
      faults.lose(lost, "PUT /credentials");
      const outcome = await setPassword(one.account, "another horse");
      expect(outcome).toMatchObject({ type: "unsettled", failure: { type: "unreachable" } });

      // The program is killed and started again: only the disk is left.
      const account = restart(one.platform);
      expect(account.record.pending?.type).toBe("change");
      expect(await settleChange(account)).toEqual({ type: "changed" });
      const login = await logInByPassword(createPlatform().ports, {
        host,
        id: person.id,
        password: "another horse",
        deviceName: "check",
      });
      expect(login.type).toBe("logged-in");
      expect(account.record.pending).toBeNull();
      expect(await contactHost(account)).toEqual({ type: "in-touch" });
    },
  );
});

describe("the recovery phrase", () => {
  test("[P4K-35] opens the account on a new device, where a new password is set", async () => {
    const person = newPerson();
    const phrase = createRecoveryPhrase(systemRandomBytes);
    const one = await registered(host, person, { phrase });
    const wallet = openWallet(one.account);
    await wallet.edit({ cow: 1 });

    const typed = parseRecoveryPhrase(` ${recoveryWords(phrase).join("  ").toUpperCase()}\n`);
    if (typed.type !== "phrase") throw new Error(typed.type);
    const platform = createPlatform();
    const login = await logInByPhrase(platform.ports, {
      host,
      phrase: typed.entropy,
      deviceName: "found",
    });
    if (login.type !== "logged-in") throw new Error(JSON.stringify(login));
    expect(login.account.record.id).toBe(person.id);
    expect(await setPassword(login.account, "a third horse")).toEqual({ type: "changed" });
    const found = openWallet(login.account);
    await found.driver.whenQuiet();
    expect(found.view()).toEqual({ cow: 1 });
    const check = await loggedIn(host, { ...person, password: "a third horse" });
    expect(fingerprintsOf(check.account).identity).toEqual(fingerprintsOf(one.account).identity);
    for (const { driver } of [wallet, found]) driver.stop();
  });

  test("[P4K-36] opens a local copy without any host, until it is replaced", async () => {
    const person = newPerson();
    const [first, second] = [
      createRecoveryPhrase(systemRandomBytes),
      createRecoveryPhrase(systemRandomBytes),
    ];
    const one = await registered(host, person, { phrase: first, keep: "in-memory" });
    const offline = restart(one.platform);
    expect(offline.unlocked).toBeNull();
    expect(unlockByPhrase(offline, second)).toEqual({ type: "wrong-phrase" });
    expect(unlockByPhrase(offline, first)).toEqual({ type: "unlocked" });
    expect(offline.unlocked?.accountKey.expose()).toEqual(
      one.account.unlocked?.accountKey.expose(),
    );

    expect(await setRecoveryPhrase(one.account, second)).toEqual({ type: "changed" });
    const later = restart(one.platform);
    expect(unlockByPhrase(later, first)).toEqual({ type: "wrong-phrase" });
    expect(unlockByPhrase(later, second)).toEqual({ type: "unlocked" });
    const old = { host, phrase: first, deviceName: "old" };
    expect(await logInByPhrase(createPlatform().ports, old)).toEqual({ type: "unknown-recovery" });

    expect(await removeRecoveryPhrase(one.account)).toEqual({ type: "changed" });
    expect(unlockByPhrase(restart(one.platform), second)).toEqual({ type: "wrong-phrase" });
  });
});

describe("a rotation", () => {
  test("[P4K-39] shuts a former device out, and each wallet goes on under new keys with its history readable", async () => {
    const person = newPerson();
    const one = await registered(host, person);
    const wallet = openWallet(one.account);
    await wallet.edit({ cow: 1 });
    const named = await createWallet(one.account, "savings");
    if (named.type !== "created") throw new Error(named.type);
    const savings = openWallet(one.account, { walletId: named.walletId });
    await savings.edit({ gold: 5 });
    const two = await loggedIn(host, person);
    const thief = openWallet(two.account);
    await thief.driver.whenQuiet();

    const phrase = createRecoveryPhrase(systemRandomBytes);
    const outcome = await rotate(one.account, { newPassword: "a safe horse", phrase });
    expect(outcome).toEqual({ type: "rotated", renewed: { type: "renewed" } });
    expect(one.account.record.toRenew).toEqual([]);
    for (const walletId of ["default", named.walletId])
      expect(one.account.record.wallets[walletId]).toMatchObject({ sequence: 2, generation: 2 });

    await thief.edit({ stolen: 9 });
    expect(thief.driver.state().access).toEqual({ type: "refused" });
    expect(await renewSession(two.account)).toMatchObject({ type: "locked" });

    const after = openWallet(one.account, { record: wallet.saved() });
    await after.driver.whenQuiet();
    await after.edit({ horse: 2 });
    expect(after.reports).toEqual([]);
    expect(after.view()).toEqual({ cow: 1, horse: 2 });
    const old = await openOldRevision(
      one.account,
      "default" as never,
      createJsonFormat({ name: "notes" }),
      1,
    );
    expect(old).toMatchObject({ type: "opened" });
    const fresh = await loggedIn(host, { ...person, password: "a safe horse" });
    const seen = openWallet(fresh.account);
    await seen.driver.whenQuiet();
    expect(seen.view()).toEqual({ cow: 1, horse: 2 });
    expect(listWallets(fresh.account)).toMatchObject({ wallets: [{}, { name: "savings" }] });
    for (const { driver } of [wallet, savings, thief, after, seen]) driver.stop();
  });

  test("[P4K-33] is settled after its answer was lost and the program was killed, with a passcode in place", async () => {
    const person = newPerson();
    const faults = createFaults();
    const one = await registered(host, person, { fetch: faults.fetch });
    const wallet = openWallet(one.account);
    await wallet.edit({ cow: 1 });
    expect(await setPasscode(one.account, "1234")).toEqual({ type: "set" });
    faults.lose("answer", "PUT /credentials");
    expect(await rotate(one.account, { newPassword: "a safe horse" })).toMatchObject({
      type: "unsettled",
    });
    const account = restart(one.platform);
    expect(await unlockByPasscode(account, "1234")).toEqual({ type: "unlocked" });
    expect(await settleChange(account)).toEqual({ type: "changed" });
    expect(account.newest.epoch).toBe(2);
    expect(account.record.toRenew).toEqual(["default"]);
    // The passcode opens the new keys too.
    const later = restart(one.platform);
    expect(await unlockByPasscode(later, "1234")).toEqual({ type: "unlocked" });
    expect(later.unlocked?.state.epoch).toBe(2);
    wallet.driver.stop();
  });
});

describe("a passcode", () => {
  test("[P4K-40] is all that opens the device's copy, works offline, and can be taken away", async () => {
    const one = await registered(host, newPerson());
    const accountKey = Buffer.from(one.account.unlocked?.accountKey.expose() ?? []);
    expect(await setPasscode(one.account, "")).toEqual({ type: "unusable-passcode" });
    expect(await setPasscode(one.account, "1234")).toEqual({ type: "set" });
    expect(one.platform.disk.account).not.toContain(accountKey.toString("base64url"));
    const account = restart(one.platform);
    expect(account.unlocked).toBeNull();
    expect(await unlockByPasscode(account, "1235")).toEqual({ type: "wrong-passcode" });
    expect(await unlockByPasscode(account, "1234")).toEqual({ type: "unlocked" });
    expect(await clearPasscode(account)).toEqual({ type: "cleared" });
    expect(restart(one.platform).unlocked).not.toBeNull();
  });

  test("[P4K-42] a login does not put the key down in the clear where a passcode was wanted", async () => {
    const person = newPerson();
    const one = await registered(host, person);
    await setPasscode(one.account, "1234");
    const account = restart(one.platform);
    expect(await logInAgain(account, person)).toMatchObject({ type: "logged-in" });
    expect(account.unlocked).not.toBeNull();
    expect(account.record).toMatchObject({ keep: "passcode", key: { type: "none" } });
  });
});

describe("pairing", () => {
  test("[P4K-45] hands the account to a new device, which sees it before it says yes and knows the wallets' heads", async () => {
    const person = newPerson();
    const one = await registered(host, person);
    const wallet = openWallet(one.account);
    await wallet.edit({ cow: 1 });
    const platform = createPlatform();
    const offer = await invite(platform.ports, { host, deviceName: "telephone" });
    if (offer.type !== "invited") throw new Error(offer.type);

    const read = readInvitation(one.account, offer.invitation);
    if (read.type !== "invitation") throw new Error(read.type);
    expect(read.deviceName).toBe("telephone");
    const { invitation } = read;
    const wrong = { type: "password", password: "wrong" } as const;
    expect(await handOver(one.account, invitation, wrong)).toEqual({ type: "wrong-proof" });
    const right = { type: "password", password: person.password } as const;
    expect(await handOver(one.account, invitation, right)).toEqual({ type: "handed-over" });

    const answer = await offer.answer();
    if (answer.type !== "offered") throw new Error(answer.type);
    expect(answer.id).toBe(person.id);
    expect(answer.fingerprint).toEqual(fingerprintsOf(one.account).identity);
    expect(platform.disk.account).toBeNull();
    const login = await answer.accept();
    if (login.type !== "logged-in") throw new Error(JSON.stringify(login));
    expect(login.account.record.wallets).toEqual(one.account.record.wallets);
    const paired = openWallet(login.account);
    await paired.driver.whenQuiet();
    expect(paired.view()).toEqual({ cow: 1 });
    expect(fingerprintsOf(login.account)).toEqual(fingerprintsOf(one.account));
    expect(await handOver(one.account, invitation, right)).toEqual({ type: "pairing-over" });
    for (const { driver } of [wallet, paired]) driver.stop();
  });
});
