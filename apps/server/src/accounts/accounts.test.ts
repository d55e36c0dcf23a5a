import { describe, expect, test } from "vitest";
import { createDomain, SALT_SEED } from "../stores/contract/create-domain.ts";
import { newWallet } from "../stores/contract/fixtures.ts";

const EMAIL = "Ann@example.org";
const NEW_SEED = "6b".repeat(32);
const change = {
  email: EMAIL,
  oldPassword: "password",
  newPassword: "new password",
  clientSaltSeed: NEW_SEED,
};

describe("sign-up", () => {
  test("[P3-21] where all are allowed an account is verified at once and can log in", async () => {
    const { signUp, logIn, stores } = createDomain();
    expect(await signUp(EMAIL)).toEqual({ type: "created", userId: 1, verified: true });
    await logIn(EMAIL);
    const account = await stores.accounts.findByEmail(EMAIL);
    expect(account?.passwordHash).toMatch(/^\$scrypt\$/);
  });

  test("[P3-11] [P3-20] an address that is taken, in whatever case, is refused", async () => {
    const { signUp } = createDomain();
    await signUp(EMAIL);
    expect(await signUp("ANN@EXAMPLE.ORG", "another password")).toEqual({ type: "email-taken" });
  });

  test("[P3-20] of two who sign up with one address at once exactly one gets it", async () => {
    const { signUp } = createDomain();
    const outcomes = await Promise.all([signUp(EMAIL), signUp(EMAIL)]);
    expect(outcomes.map(({ type }) => type).sort()).toEqual(["created", "email-taken"]);
  });

  test("[P3-21] with a whitelist its addresses are verified at once and no other can sign up", async () => {
    const { signUp } = createDomain({ type: "Whitelist", emails: ["ann@example.org"] });
    expect(await signUp(EMAIL)).toMatchObject({ type: "created", verified: true });
    expect(await signUp("bob@example.org")).toEqual({ type: "not-whitelisted" });
    const empty = createDomain({ type: "Whitelist", emails: [] });
    expect(await empty.signUp(EMAIL)).toEqual({ type: "not-whitelisted" });
  });

  test("[P3-21] with verification by mail an account gets a token and cannot log in before it is used", async () => {
    const { signUp, sessions, verification } = createDomain({ type: "EmailVerify" });
    const outcome = await signUp(EMAIL);
    expect(outcome).toEqual({
      type: "created",
      userId: 1,
      verified: false,
      verificationToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const logIn = { email: EMAIL, password: "password", deviceId: "laptop" };
    expect(await sessions.logIn(logIn)).toEqual({ type: "not-verified" });
    const token = "verificationToken" in outcome ? (outcome.verificationToken ?? "") : "";
    expect(await verification.redeem(token)).toEqual({ type: "verified", userId: 1 });
    expect(await sessions.logIn(logIn)).toMatchObject({ type: "logged-in" });
  });
});

describe("salt seed", () => {
  test("[P3-27] the seed of an address is found in whatever case, and none for an unknown one", async () => {
    const { signUp, accounts } = createDomain();
    await signUp(EMAIL);
    const found = { type: "found", clientSaltSeed: SALT_SEED };
    expect(await accounts.saltSeed("ann@EXAMPLE.org")).toEqual(found);
    expect(await accounts.saltSeed("bob@example.org")).toEqual({ type: "unknown-email" });
  });
});

describe("password change", () => {
  test("[P3-40] [P3-41] it replaces password and seed, ends every session, and the sockets before it is answered", async () => {
    const { signUp, logIn, accounts, sessions, noticed } = createDomain();
    await signUp(EMAIL);
    const laptop = await logIn(EMAIL);
    const phone = await logIn(EMAIL, "password", "phone");

    expect(await accounts.changePassword(change)).toEqual({ type: "changed", wallet: undefined });
    expect(noticed).toEqual(["credentials of 1"]);
    expect(await accounts.saltSeed(EMAIL)).toMatchObject({ clientSaltSeed: NEW_SEED });
    expect(await sessions.authenticate(laptop.token)).toBeUndefined();
    expect(await sessions.authenticate(phone.token)).toBeUndefined();
    await expect(logIn(EMAIL)).rejects.toThrow("no-match");
    await logIn(EMAIL, "new password");
  });

  test("[P3-42] with a stored wallet it replaces that too, and refuses to without one", async () => {
    const { signUp, logIn, accounts, wallets, noticed } = createDomain();
    await signUp(EMAIL);
    const { session } = await logIn(EMAIL);
    const early = { ...change, wallet: newWallet(1) };
    expect(await accounts.changePassword(early)).toEqual({
      type: "bad-sequence",
      current: undefined,
    });
    await wallets.replace(session, newWallet(1));
    const current = await wallets.newest(1);
    expect(await accounts.changePassword(change)).toEqual({ type: "wallet-required", current });
    const behind = { ...change, wallet: newWallet(1) };
    expect(await accounts.changePassword(behind)).toEqual({ type: "bad-sequence", current });
    expect(noticed).toEqual(["wallet 1 of 1"]);

    const next = { ...change, wallet: newWallet(2) };
    expect(await accounts.changePassword(next)).toMatchObject({
      type: "changed",
      wallet: { sequence: 2 },
    });
    expect(await wallets.newest(1)).toMatchObject({ sequence: 2 });
  });

  test("[P3-43] [P3-45] an unknown address and a wrong password get the same answer and change nothing", async () => {
    const { signUp, logIn, accounts, noticed } = createDomain();
    await signUp(EMAIL);
    const refused = { type: "no-match" };
    const unknown = { ...change, email: "bob@example.org" };
    expect(await accounts.changePassword(unknown)).toEqual(refused);
    expect(await accounts.changePassword({ ...change, oldPassword: "wrong" })).toEqual(refused);
    expect(noticed).toEqual([]);
    await logIn(EMAIL);
  });

  test("[P3-43] an account that is not verified cannot change its password", async () => {
    const { signUp, accounts } = createDomain({ type: "EmailVerify" });
    await signUp(EMAIL);
    expect(await accounts.changePassword(change)).toEqual({ type: "not-verified" });
    expect(await accounts.changePassword({ ...change, oldPassword: "wrong" })).toEqual({
      type: "no-match",
    });
  });

  test("[P3-45] of two changes at once exactly one holds, and the other is told that nothing matches", async () => {
    const { signUp, logIn, accounts } = createDomain();
    await signUp(EMAIL);
    const outcomes = await Promise.all([
      accounts.changePassword({ ...change, newPassword: "first" }),
      accounts.changePassword({ ...change, newPassword: "second" }),
    ]);
    expect(outcomes.map(({ type }) => type).sort()).toEqual(["changed", "no-match"]);
    await logIn(EMAIL, outcomes[0].type === "changed" ? "first" : "second");
  });
});
