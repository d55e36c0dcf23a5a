import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createDomain } from "../stores/contract/create-domain.ts";
import { newWallet, NOW_MS } from "../stores/contract/fixtures.ts";
import { SESSION_LIFETIME_MS } from "./sessions.ts";

const EMAIL = "ann@example.org";

async function createDomainWithAnn() {
  const domain = createDomain();
  await domain.signUp(EMAIL);
  return domain;
}

test("[P3-17] [P3-23] a log-in gives a token of 64 hex digits for 14 days, of which only the hash is kept", async () => {
  const { logIn, sessions, time } = await createDomainWithAnn();
  const { token, session } = await logIn(EMAIL.toUpperCase());
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  expect(session).toEqual({
    userId: 1,
    deviceId: "laptop",
    tokenHash: createHash("sha256").update(token).digest("hex"),
    expiresAtMs: NOW_MS + 14 * 24 * 60 * 60 * 1000,
  });
  expect(await sessions.authenticate(token)).toEqual(session);
  time.nowMs += SESSION_LIFETIME_MS - 1;
  expect(await sessions.authenticate(token)).toEqual(session);
  time.nowMs += 1;
  expect(await sessions.authenticate(token)).toBeUndefined();
});

test("[P3-26] a new log-in of the same device replaces its token and leaves those of others", async () => {
  const { logIn, sessions } = await createDomainWithAnn();
  const first = await logIn(EMAIL);
  const phone = await logIn(EMAIL, "password", "phone");
  const second = await logIn(EMAIL);
  expect(second.token).not.toBe(first.token);
  expect(await sessions.authenticate(first.token)).toBeUndefined();
  expect(await sessions.authenticate(second.token)).toEqual(second.session);
  expect(await sessions.authenticate(phone.token)).toEqual(phone.session);
});

test("[P3-25] an unknown address and a wrong password get the same answer", async () => {
  const { sessions } = await createDomainWithAnn();
  const deviceId = "laptop";
  const wrong = await sessions.logIn({ email: EMAIL, password: "wrong", deviceId });
  const unknown = await sessions.logIn({
    email: "bob@example.org",
    password: "password",
    deviceId,
  });
  expect(wrong).toEqual({ type: "no-match" });
  expect(unknown).toEqual(wrong);
});

test("[P3-32] what is no token is nobody's session", async () => {
  const { logIn, sessions } = await createDomainWithAnn();
  const { token } = await logIn(EMAIL);
  for (const other of ["", "x", `${token.slice(1)}G`, ` ${token}`, `${token}\n`, "0".repeat(64)]) {
    expect(await sessions.authenticate(other)).toBeUndefined();
  }
});

test("[P3-26] a log-in that began before a password change makes no token", async () => {
  const { accounts, sessions, stores, race } = await createDomainWithAnn();
  const clientSaltSeed = "6b".repeat(32);
  const change = { email: EMAIL, oldPassword: "password", newPassword: "new", clientSaltSeed };
  race.beforeVerify = () => {
    race.beforeVerify = () => Promise.resolve();
    return accounts.changePassword(change);
  };
  const logIn = { email: EMAIL, password: "password", deviceId: "laptop" };
  expect(await sessions.logIn(logIn)).toEqual({ type: "no-match" });
  expect(await stores.sessions.removeExpired(Number.MAX_SAFE_INTEGER)).toBe(0);
});

test("[P3-36] a wallet whose session ended while the write waited is refused", async () => {
  const { logIn, accounts, wallets } = await createDomainWithAnn();
  const { session } = await logIn(EMAIL);
  await accounts.changePassword({
    email: EMAIL,
    oldPassword: "password",
    newPassword: "new",
    clientSaltSeed: "6b".repeat(32),
  });
  expect(await wallets.replace(session, newWallet(1))).toEqual({ type: "session-ended" });
});
