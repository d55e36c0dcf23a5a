/**
 * The passcode (P4K-40 to P4K-42): local only. Argon2id of it wraps a random device key, which wraps the accountKey in the
 * device's store. Against somebody who copied the store, a short passcode is weak; the app says so.
 */
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { encodeBase64url, parseBase64url, Secret as Key } from "@holdfast/crypto";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Locked } from "../outcomes.ts";
import type { StoredKey } from "../record/account-record.ts";
import { type HeldAccount, withoutKey } from "../record/held-account.ts";
import { openLocally, sealLocally } from "../record/local-box.ts";

/** About a second by the library in JavaScript; a quarter of that for somebody with better tools. */
const passes = 3;
const memoryKib = 64 * 1024;
const saltBytes = 16;
const keyBytes = 32;
/** What a damaged or planted record may make this device compute at most. */
const most = { passes: 16, memoryKib: 1024 * 1024 };

export type SetPasscodeOutcome =
  { readonly type: "set" } | { readonly type: "unusable-passcode" } | Locked;

/** From now on the accountKey lies in the store under the passcode only; takes the place of an earlier passcode. */
export async function setPasscode(
  account: HeldAccount,
  passcode: string,
): Promise<SetPasscodeOutcome> {
  const { unlocked, record, ports } = account;
  if (unlocked === null) return { type: "locked" };
  const bytes = passcodeBytes(passcode);
  if (bytes === null) return { type: "unusable-passcode" };
  const random = ports.randomBytes;
  const salt = random(saltBytes);
  const deviceKey = random(keyBytes);
  const { identity } = record;
  const wrapping = await stretch(bytes, salt, { passes, memoryKib });
  const key: StoredKey = {
    type: "passcode",
    salt: encodeBase64url(salt),
    passes,
    memoryKib,
    deviceKey: sealLocally({ key: wrapping, purpose: "device-key", identity }, deviceKey, random),
    accountKey: sealLocally(
      { key: deviceKey, purpose: "account-key", identity },
      unlocked.accountKey.expose(),
      random,
    ),
  };
  account.useDeviceKey(deviceKey);
  // No key lies beside it in the clear, not even one that waits for the host's answer.
  await account.save({ key, keep: "passcode", pending: withoutKey(record.pending) });
  return { type: "set" };
}

/** Takes the passcode away: the accountKey lies open in the store again, or in memory only. */
export async function clearPasscode(
  account: HeldAccount,
  keep: "stored" | "in-memory" = "stored",
): Promise<{ readonly type: "cleared" } | Locked> {
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const accountKey = encodeBase64url(unlocked.accountKey.expose());
  account.useDeviceKey(null);
  await account.save({
    keep,
    key: keep === "stored" ? { type: "open", accountKey } : { type: "none" },
  });
  return { type: "cleared" };
}

export type PasscodeOutcome =
  | { readonly type: "unlocked" }
  | { readonly type: "wrong-passcode" }
  | { readonly type: "no-passcode" };

/** Works without any host. Whoever then goes online syncs first. */
export async function unlockByPasscode(
  account: HeldAccount,
  passcode: string,
): Promise<PasscodeOutcome> {
  const opened = await openPasscode(account, passcode);
  if (opened.type !== "keys") return opened;
  account.useDeviceKey(opened.deviceKey);
  account.unlockWith(new Key("account-key", opened.accountKey));
  return { type: "unlocked" };
}

/** Whether it is the passcode, asked for once more before something that only the person may do. */
export async function isPasscode(
  account: HeldAccount,
  passcode: string,
): Promise<{ readonly type: "right" } | Exclude<PasscodeOutcome, { readonly type: "unlocked" }>> {
  const opened = await openPasscode(account, passcode);
  return opened.type === "keys" ? { type: "right" } : opened;
}

type Opened =
  | { readonly type: "keys"; readonly deviceKey: Uint8Array; readonly accountKey: Uint8Array }
  | Exclude<PasscodeOutcome, { readonly type: "unlocked" }>;

async function openPasscode({ record }: HeldAccount, passcode: string): Promise<Opened> {
  const { key, identity } = record;
  if (key.type !== "passcode") return { type: "no-passcode" };
  const wrong: Opened = { type: "wrong-passcode" };
  const bytes = passcodeBytes(passcode);
  if (bytes === null || key.passes > most.passes || key.memoryKib > most.memoryKib) return wrong;
  const wrapping = await stretch(bytes, parseBase64url(key.salt), key);
  const deviceKey = openLocally({ key: wrapping, purpose: "device-key", identity }, key.deviceKey);
  if (deviceKey === null) return wrong;
  const box = { key: deviceKey, purpose: "account-key", identity } as const;
  const accountKey = openLocally(box, key.accountKey);
  return accountKey === null ? wrong : { type: "keys", deviceKey, accountKey };
}

async function stretch(
  passcode: Uint8Array,
  salt: Uint8Array,
  cost: { readonly passes: number; readonly memoryKib: number },
): Promise<Uint8Array> {
  const options = { t: cost.passes, m: cost.memoryKib, p: 1, dkLen: keyBytes };
  return await argon2idAsync(passcode, salt, options);
}

/** null: empty, far too long, or no text. */
function passcodeBytes(typed: string): Uint8Array | null {
  const passcode = typed.normalize("NFKC");
  if (passcode === "" || passcode.length > 1024 || !passcode.isWellFormed()) return null;
  return utf8ToBytes(passcode);
}
