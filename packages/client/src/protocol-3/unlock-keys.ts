/** From what a person types to the keys of an account, with the host or without it (P3C-19 to P3C-21). */
import type { HostFailure } from "../outcomes.ts";
import type { OpenAccountOutcome, UnlockContext } from "../ports/account-source.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { Scrypt } from "../ports/scrypt.ts";
import type { Secret } from "../secret.ts";
import { formatMemory, type Memory3 } from "./account-memory.ts";
import { createSaltSeed, deriveSecrets, type DerivedSecrets } from "./derive.ts";
import type { HostApi, LogInAnswered } from "./host-api.ts";
import { isWalletHmac, walletHmac } from "./wallet-hmac.ts";

/** `sign-up` makes the account, then unlocks it. */
export type Credentials3 = {
  readonly type: "password" | "sign-up";
  readonly email: string;
  readonly password: Secret;
};

type Failed = Exclude<OpenAccountOutcome<never>, { readonly type: "unlocked" }>;

/** Keys and where they came from; token null: the host was not reached. */
export type Keys = {
  readonly email: string;
  readonly saltSeed: string;
  readonly secrets: DerivedSecrets;
  readonly token: Secret | null;
};

/** One unlock under way. */
export type Unlocking = {
  readonly scrypt: Scrypt;
  readonly randomBytes: RandomBytes;
  readonly host: HostApi;
  readonly context: UnlockContext;
  readonly credentials: Credentials3;
  readonly memory: Memory3;
};

export async function unlockKeys(unlocking: Unlocking): Promise<Keys | Failed> {
  try {
    return await (unlocking.credentials.type === "sign-up" ? signUp(unlocking) : logIn(unlocking));
  } catch (error) {
    if (!(error instanceof DerivationFailed)) throw error;
    return { type: "derivation-failed", detail: error.message };
  }
}

/** scrypt needs 1 GiB, which not every machine gives. */
class DerivationFailed extends Error {}

/** What the device is to remember of keys that were unlocked. */
export function remember({ memory }: Unlocking, { email, saltSeed, secrets }: Keys): Memory3 {
  const verifier = walletHmac(secrets.hmacKey, 0, "");
  return { ...memory, account: { email, saltSeed, verifier }, signUp: null };
}

async function derive(
  { scrypt, context, credentials }: Unlocking,
  email: string,
  saltSeed: string,
): Promise<DerivedSecrets> {
  const { password } = credentials;
  try {
    return await deriveSecrets({ password, email, saltSeed }, scrypt, context.onProgress);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "for an unknown reason";
    throw new DerivationFailed(detail, { cause });
  }
}

async function logIn(unlocking: Unlocking): Promise<Keys | Failed> {
  const { context, credentials, host } = unlocking;
  const { email } = credentials;
  const answer = await host.fetchSaltSeed(email, context.signal);
  if (answer.type === "unknown-account" || answer.type === "protocol-4-account") return answer;
  if (answer.type !== "salt-seed") return await withoutHost(unlocking, answer);
  const { saltSeed } = answer;
  const secrets = await derive(unlocking, email, saltSeed);
  const first = await sendLogIn(unlocking, email, secrets);
  const lower = email.toLowerCase();
  if (first.type !== "credentials-refused" || email === lower)
    return settle(unlocking, { email, saltSeed, secrets }, first);
  const respelt = await derive(unlocking, lower, saltSeed);
  const second = await sendLogIn(unlocking, lower, respelt);
  return settle(unlocking, { email: lower, saltSeed, secrets: respelt }, second);
}

async function sendLogIn(
  { context, host, memory }: Unlocking,
  email: string,
  { loginPassword }: DerivedSecrets,
): Promise<LogInAnswered> {
  const { deviceId } = memory;
  return await host.logIn({ email, loginPassword, deviceId }, context.signal);
}

function settle(
  unlocking: Unlocking,
  keys: Omit<Keys, "token">,
  answer: LogInAnswered,
): Keys | Failed {
  switch (answer.type) {
    case "token":
      return { ...keys, token: answer.token };
    case "credentials-refused":
    case "not-verified":
    case "protocol-4-account":
      return answer;
    case "host-failed":
    case "unreachable":
    case "rate-limited":
    case "host-misbehaves":
    case "host-refused":
      return isKnown(unlocking, keys) ? { ...keys, token: null } : failureOf(answer);
  }
}

/** The keys this device has unlocked with before, from what it remembers. */
async function withoutHost(unlocking: Unlocking, failure: HostFailure): Promise<Keys | Failed> {
  const known = unlocking.memory.account;
  if (known === null) return failureOf(failure);
  const { email, saltSeed } = known;
  const secrets = await derive(unlocking, email, saltSeed);
  if (isKnown(unlocking, { email, saltSeed, secrets }))
    return { email, saltSeed, secrets, token: null };
  return {
    type: "credentials-refused",
    detail: "it is not the password this device knows, and the host cannot be reached",
  };
}

function isKnown({ memory }: Unlocking, { saltSeed, secrets }: Omit<Keys, "token">): boolean {
  const known = memory.account;
  if (known === null || known.saltSeed !== saltSeed) return false;
  const claimed = { sequence: 0, encryptedWallet: "", hmac: known.verifier };
  return isWalletHmac(secrets.hmacKey, claimed);
}

async function signUp(unlocking: Unlocking): Promise<Keys | Failed> {
  const { context, credentials, host, memory, randomBytes } = unlocking;
  const { email } = credentials;
  const begun = memory.signUp?.email === email ? memory.signUp : null;
  const saltSeed = begun?.saltSeed ?? createSaltSeed(randomBytes);
  const saved = await context.memory.save(formatMemory({ ...memory, signUp: { email, saltSeed } }));
  if (saved.type !== "saved") return { type: "memory-failed", detail: saved.detail };
  const secrets = await derive(unlocking, email, saltSeed);
  const { loginPassword } = secrets;
  const answer = await host.signUp({ email, loginPassword, saltSeed }, context.signal);
  switch (answer.type) {
    case "signed-up":
      return settle(
        unlocking,
        { email, saltSeed, secrets },
        answer.verified ? await sendLogIn(unlocking, email, secrets) : { type: "not-verified" },
      );
    case "address-taken": {
      // By ourselves, if an earlier answer was lost: then these keys open it.
      const login = begun === null ? null : await sendLogIn(unlocking, email, secrets);
      if (login === null || login.type === "credentials-refused") return { type: "address-taken" };
      return settle(unlocking, { email, saltSeed, secrets }, login);
    }
    case "not-allowed":
      return { type: "host-refused", detail: answer.detail };
    case "protocol-4-account":
    case "host-failed":
    case "unreachable":
    case "rate-limited":
    case "host-misbehaves":
    case "host-refused":
      return failureOf(answer);
  }
}

function failureOf(failure: HostFailure): Failed {
  switch (failure.type) {
    case "protocol-4-account":
      return failure;
    case "unreachable":
    case "host-failed":
      return { type: "unreachable", detail: failure.detail };
    case "rate-limited":
      return { type: "busy", retryAfterMs: (failure.retryAfterSeconds ?? 0) * 1000 };
    case "host-misbehaves":
    case "host-refused":
      return { type: "host-refused", detail: failure.detail };
  }
}
