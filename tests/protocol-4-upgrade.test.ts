/** An account of protocol 3 becomes one of protocol 4, and other devices keep their merge base. */
import { newDeviceRecord } from "@holdfast/client/engine";
import { Secret } from "@holdfast/client";
import {
  continueRecord,
  logInByPassword,
  settleUpgrade,
  upgradeAccount,
} from "@holdfast/client/protocol-4";
import { createLoggedInDevices, getWallet, postJson } from "@holdfast/testing";
import { createJsonFormat, parseJson } from "@holdfast/wallet/json";
import { expect, test } from "vitest";
import { createPlatform, openWallet, restart } from "./protocol-4/device-4.ts";
import { createFaults } from "./protocol-4/faults.ts";
import { loggedIn, startHost } from "./protocol-4/scene.ts";

const format = createJsonFormat({ name: "notes" });
const note = (text: string) => format.contentOf(parseJson(text));
let host: URL;

startHost((url) => (host = url));

/** An account of protocol 3 with one wallet, as an older client left it. */
async function oldAccount(id: string) {
  const [token = ""] = await createLoggedInDevices(host.origin, id, ["old"]);
  const wallet = { encryptedWallet: "sealed", sequence: 1, hmac: "ab".repeat(32) };
  const posted = await postJson(host.origin, "/wallet", { token, ...wallet });
  expect(posted.status).toBe(200);
  return {
    token,
    input: {
      host,
      id,
      loginPassword: new Secret(`password of ${id}`),
      newPassword: "a new horse",
      deviceName: "first",
      format,
      base: { sequence: 1, hmac: wallet.hmac, hash: "engine's name", content: note('{"cow":1}') },
    },
  };
}

test("[P4K-64] the wallet goes on, protocol 3 is over, and a device that edited meanwhile merges on its old base", async () => {
  const id = "upgraded@example.com";
  const { token, input } = await oldAccount(id);
  const platform = createPlatform();
  const other = { ...input, loginPassword: new Secret("wrong password") };
  expect(await upgradeAccount(platform.ports, other)).toEqual({ type: "login-refused" });
  const stale = { ...input, base: { ...input.base, hmac: "cd".repeat(32) } };
  expect(await upgradeAccount(platform.ports, stale)).toEqual({ type: "base-conflict" });
  expect((await getWallet(host.origin, token)).status).toBe(200);

  const upgraded = await upgradeAccount(platform.ports, input);
  if (upgraded.type !== "upgraded") throw new Error(JSON.stringify(upgraded));
  expect((await getWallet(host.origin, token)).status).not.toBe(200);
  const wallet = openWallet(upgraded.account);
  await wallet.driver.whenQuiet();
  expect(wallet.view()).toEqual({ cow: 1 });
  await wallet.edit({ cow: 2 });

  // Another device: it synced revision 1 of protocol 3, and edited since.
  const { account } = await loggedIn(host, { id, password: "a new horse" });
  const before = {
    ...newDeviceRecord(format.empty, note('{"cow":1,"horse":5}')),
    synced: { sequence: 1, hash: "engine's name", content: input.base.content },
  };
  const from = { sequence: 1, hash: "engine's name" };
  const continued = continueRecord(before, format.empty, from);
  if (continued.type !== "continued") throw new Error(continued.type);
  const merged = openWallet(account, { record: continued.record });
  await merged.driver.whenQuiet();
  expect(merged.view()).toEqual({ cow: 2, horse: 5 });
  expect(merged.driver.state().record.local.conflicts.open).toEqual([]);
  expect(account.record.wallets["default"]?.upgradedFrom).toEqual(from);
  for (const { driver } of [wallet, merged]) driver.stop();
});

test.each(["request", "answer"] as const)(
  "[P4K-64] an upgrade whose %s was lost is settled after a restart; until it arrived the old account works",
  async (lost) => {
    const id = `lost-${lost}@example.com`;
    const { token, input } = await oldAccount(id);
    const faults = createFaults();
    const platform = createPlatform({ fetch: faults.fetch });
    faults.lose(lost, "POST /upgrade");
    expect(await upgradeAccount(platform.ports, input)).toMatchObject({ type: "unsettled" });
    const settled = await settleUpgrade(restart(platform));
    expect(settled.type).toBe(lost === "answer" ? "upgraded" : "not-upgraded");
    expect((await getWallet(host.origin, token)).status === 200).toBe(lost === "request");
    const login = { host, id, password: "a new horse", deviceName: "check" };
    expect((await logInByPassword(createPlatform().ports, login)).type).toBe(
      lost === "answer" ? "logged-in" : "login-refused",
    );
  },
);

test("[P4K-65] an upgrade that was made from an older or another wallet than a device has seen is reported", () => {
  const content = note('{"cow":1}');
  const record = {
    ...newDeviceRecord(format.empty, content),
    synced: { sequence: 5, hash: "five", content },
  };
  const ours = { sequence: 5, hash: "five" };
  const from = (sequence: number, hash: string) =>
    continueRecord(record, format.empty, { sequence, hash });
  expect(from(4, "four")).toEqual({ type: "rollback", ours });
  expect(from(5, "other")).toEqual({ type: "fork", ours });
  expect(continueRecord(record, format.empty, null)).toEqual({ type: "rollback", ours });
  expect(from(6, "six")).toMatchObject({
    type: "continued",
    record: { synced: { sequence: 0, content }, local: content },
  });
  const pushed = note('{"cow":2}');
  const revision = { sequence: 6, hash: "six", payload: {}, sizeBytes: 1 };
  const inFlight = { revision, content: pushed, keyId: "k", via: "push" } as const;
  const landed = continueRecord({ ...record, inFlight }, format.empty, {
    sequence: 6,
    hash: "six",
  });
  expect(landed).toMatchObject({ record: { synced: { content: pushed }, inFlight: null } });
});
