import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret, type AccountInput } from "@holdfast/client";
import { startRelay, type Relay } from "./client/relay.ts";
import {
  createTestDevices,
  email,
  expectType,
  password,
  preferencesOf,
  readProfile,
  readState,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let relay: Relay;
let devices: TestDevices;
let account: AccountInput;

beforeEach(async () => {
  host = await startTestHost();
  relay = await startRelay(host.url);
  devices = await createTestDevices();
  account = { server: relay.url, email, password };
});
afterEach(async () => {
  await relay.close();
  await host.close();
  await devices.remove();
});

describe("registering", () => {
  it("[P3C-5] [P3C-19] sends a new salt seed and tells it", async () => {
    const device = devices.open("one");
    const registered = expectType(await device.register(account), "registered");
    expect(registered.saltSeed).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(relay.seen[0]?.body ?? "{}")).toMatchObject({
      clientSaltSeed: registered.saltSeed,
    });
    const other = devices.open("two");
    expect(await other.register({ ...account, email: `2${email}` })).not.toMatchObject({
      saltSeed: registered.saltSeed,
    });
  });

  it("[P3C-19] a taken address is refused and leaves no profile behind", async () => {
    expectType(await devices.open("one").register(account), "registered");
    const two = devices.open("two");
    expect(await two.register(account)).toEqual({ type: "address-taken" });
    expect(await two.status()).toEqual({ type: "no-profile" });
  });

  it.each(["lose-answer", "lose-request"] as const)(
    "[P3C-19] %s: the same sign-up again is recognised as one's own",
    async (type) => {
      const device = devices.open("one");
      relay.trick("POST /api/3/signup", { type });
      expectType(await device.register(account), "unreachable");
      const { saltSeed } = expectType(await device.register(account), "registered");
      expect(saltSeed).toBe((await readProfile(devices, "one"))["saltSeed"]);
      expectType(await device.login(), "logged-in");
    },
  );

  it("[P3C-19] after a lost answer the account can also simply be logged in to", async () => {
    const device = devices.open("one");
    relay.trick("POST /api/3/signup", { type: "lose-answer" });
    expectType(await device.register(account), "unreachable");
    expectType(await device.login(), "logged-in");
    expect(await device.push()).toMatchObject({ type: "pushed", sequence: 1 });
  });

  it("[P3C-19] after a lost answer another password is another sign-up", async () => {
    const device = devices.open("one");
    relay.trick("POST /api/3/signup", { type: "lose-answer" });
    expectType(await device.register(account), "unreachable");
    const other = { ...account, password: new Secret("another") };
    expect(await device.register(other)).toEqual({ type: "address-taken" });
  });

  it("[P3C-19] a profile that has an account keeps it", async () => {
    const device = await devices.registered("one", relay.url);
    const before = await readProfile(devices, "one");
    const other = { ...account, email: `other-${email}` };
    const refusal = { type: "profile-exists", server: relay.url, email };
    expect(await device.register(other)).toEqual(refusal);
    expect(await device.register(account)).toEqual(refusal);
    expect(await device.updateSecrets(other)).toEqual(refusal);
    expect(await device.login({ email: `other-${email}` })).toEqual(refusal);
    expect(await device.login({ server: host.url })).toMatchObject(refusal);
    expect(await readProfile(devices, "one")).toEqual(before);
  });

  it("[P3C-19] a host that lets only some addresses in says so", async () => {
    const closed = await startTestHost({ ACCOUNT_VERIFICATION_MODE: "Whitelist" });
    const device = devices.open("one");
    expect(await device.register({ ...account, server: closed.url })).toEqual({
      type: "not-allowed",
      detail: "Forbidden: Account not whitelisted",
    });
    expect(await device.status()).toEqual({ type: "no-profile" });
    await closed.close();
  });

  it("[P3C-20] an address that is not yet confirmed cannot log in, and is told so", async () => {
    const mailing = await startTestHost({ ACCOUNT_VERIFICATION_MODE: "EmailVerify" });
    const device = devices.open("one");
    expect(await device.register({ ...account, server: mailing.url })).toMatchObject({
      type: "registered",
      verified: false,
    });
    expect(await device.login()).toEqual({ type: "not-verified" });
    await mailing.close();
  });
});

describe("the address of the host", () => {
  it.each([
    ["localhost:8090", "unsupported"],
    ["not an address", "malformed"],
    ["ftp://localhost/", "unsupported"],
    ["https://joe:secret@example.com", "unsupported"],
    ["https://example.com/?token=1", "unsupported"],
    ["http://example.com", "plain-http"],
    ["http://127.0.0.1.example.com", "plain-http"],
  ])("[P3C-9] %s is refused: %s", async (server, reason) => {
    const device = devices.open("one");
    expect(await device.register({ ...account, server })).toMatchObject({
      type: "server-refused",
      reason,
    });
    expect(await device.status()).toEqual({ type: "no-profile" });
  });
});

describe("a second device", () => {
  it("[P3C-21] gets the same salt seed and the same keys", async () => {
    const { saltSeed } = expectType(await devices.open("one").register(account), "registered");
    const two = devices.open("two");
    expect(await two.updateSecrets(account)).toEqual({ type: "updated", saltSeed, changed: true });
    expect(await two.updateSecrets(account)).toEqual({ type: "updated", saltSeed, changed: false });
    const [first, second] = [await readProfile(devices, "one"), await readProfile(devices, "two")];
    expect(second["secrets"]).toEqual(first["secrets"]);
    expect(second["deviceId"]).not.toBe(first["deviceId"]);
  });

  it("[P3C-20] gets its own token beside the first device's", async () => {
    const one = await devices.registered("one", relay.url);
    const two = await devices.loggedIn("two", relay.url);
    const tokens = await Promise.all(
      ["one", "two"].map(async (name) => (await readProfile(devices, name))["session"]),
    );
    expect(tokens[0]).not.toEqual(tokens[1]);
    expectType(await one.pull(), "no-remote-wallet");
    expectType(await two.pull(), "no-remote-wallet");
  });

  it("[P3C-20] logging in again replaces the device's own token", async () => {
    const one = await devices.registered("one", relay.url);
    const before = await readProfile(devices, "one");
    expectType(await one.login(), "logged-in");
    expect((await readProfile(devices, "one"))["session"]).not.toEqual(before["session"]);
    expectType(await one.pull(), "no-remote-wallet");
  });

  it("[P3C-20] an address spelt in lower case at sign-up is found when it is typed otherwise", async () => {
    expectType(await devices.open("one").register(account), "registered");
    const two = devices.open("two");
    const shouting = { ...account, email: email.toUpperCase() };
    expect(await two.login(shouting)).toMatchObject({ type: "logged-in", email });
    expect(expectType(await two.status(), "status").email).toBe(email);
    expectType(await two.login(), "logged-in");
    const [first, second] = [await readProfile(devices, "one"), await readProfile(devices, "two")];
    expect(second["secrets"]).toEqual(first["secrets"]);
  });

  it("[P3C-20] a wrong password is refused in either spelling, and nothing is kept of the attempt but the address", async () => {
    expectType(await devices.open("one").register(account), "registered");
    const two = devices.open("two");
    const wrong = { ...account, email: email.toUpperCase(), password: new Secret("wrong") };
    expect(await two.login(wrong)).toEqual({
      type: "credentials-refused",
      detail: "Unauthorized: No match for email and password",
    });
    expect(relay.seen.filter(({ url }) => url === "/api/3/auth/full")).toHaveLength(2);
    // So that the next attempt asks for it, instead of failing with what was mistyped.
    expect(await two.status()).toMatchObject({ hasPassword: false });
    expect(await two.login()).toEqual({ type: "password-needed" });
    expectType(await two.login({ password }), "logged-in");
  });

  it("[P3C-21] an unknown address is named", async () => {
    const device = devices.open("one");
    expect(await device.updateSecrets(account)).toEqual({ type: "unknown-account" });
    expect(await device.login(account)).toEqual({ type: "unknown-account" });
    expect(await device.status()).toEqual({ type: "no-profile" });
  });
});

describe("without an account", () => {
  it("[P3C-14] every operation says so", async () => {
    const device = devices.open("nobody");
    const none = { type: "no-profile" };
    expect(await device.status()).toEqual(none);
    expect(await device.login()).toEqual(none);
    expect(await device.logout()).toEqual(none);
    expect(await device.push()).toEqual(none);
    expect(await device.pull()).toEqual(none);
    expect(await device.sync()).toEqual(none);
    expect(await device.changePassword({ newPassword: password })).toEqual(none);
    expect(await device.setLocalPassword({ password })).toEqual(none);
    expect(await device.listPreferences()).toEqual(none);
    expect(await device.exportWallet()).toEqual(none);
  });
});

describe("logging out", () => {
  it("[P3C-23] forgets token, password and keys, and keeps wallet and merge base", async () => {
    const device = await devices.registered("one", relay.url);
    expectType(await device.setPreference("animal", "cow"), "saved");
    expectType(await device.push(), "pushed");
    expectType(await device.setPreference("animal", "horse"), "saved");
    expect(await device.logout()).toEqual({ type: "logged-out", hadUnpushedChanges: true });
    expect(await readProfile(devices, "one")).toMatchObject({
      session: null,
      secrets: null,
    });
    expect((await readState(devices, "one")).record).toMatchObject({ synced: { sequence: 1 } });
    expect(await device.push()).toEqual({ type: "password-needed" });
    expect(await device.sync()).toEqual({ type: "password-needed" });
    expect(await device.login()).toEqual({ type: "password-needed" });
    expectType(await device.login({ password }), "logged-in");
    expect(await device.push()).toMatchObject({ type: "pushed", sequence: 2 });
    expect(await preferencesOf(device)).toEqual({ animal: "horse" });
  });
});

describe("a linked wallet file", () => {
  it("[P3C-18] must be there and be a wallet", async () => {
    const device = devices.open("one");
    const missing = { ...account, walletPath: `${devices.root}/nowhere` };
    expect(await device.register(missing)).toMatchObject({
      type: "local-wallet-unusable",
      reason: "missing",
    });
    const rubbish = { ...account, walletPath: import.meta.filename };
    expect(await device.register(rubbish)).toMatchObject({
      type: "local-wallet-unusable",
      reason: "malformed",
    });
    const walletPath = fileURLToPath(new URL("../package.json", import.meta.url));
    expect(await device.register({ ...account, walletPath })).toMatchObject({
      type: "local-wallet-unusable",
      reason: "malformed",
      detail: "This is JSON, but no LBRY wallet: it has neither accounts nor preferences.",
    });
    expect(relay.seen).toEqual([]);
  });

  it("[P3C-18] is chosen once: a profile that synced a wallet takes no other", async () => {
    const first = await devices.walletFile("first");
    const second = await devices.walletFile("second");
    const device = await devices.registered("one", relay.url, { walletPath: first });
    expectType(await device.login({ walletPath: second }), "logged-in");
    expectType(await device.login({ walletPath: first }), "logged-in");
    expectType(await device.push(), "pushed");
    expect(await device.login({ walletPath: second })).toEqual({
      type: "wallet-already-linked",
      location: first,
    });
    expectType(await device.login({ walletPath: first }), "logged-in");
  });
});
