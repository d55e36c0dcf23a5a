/** The record of an account that this device has just come to know. */
import { encodeBase64url, type UnlockedAccount, type VerifiedState } from "@holdfast/crypto";
import { accountRecordVersion, type AccountRecord } from "../record/account-record.ts";
import type { AccountPorts } from "../record/account-ports.ts";
import { HeldAccount, namedSlots } from "../record/held-account.ts";
import type { DeviceIdentity, KeepKey } from "./session.ts";

export type AccountToHold = DeviceIdentity & {
  readonly host: URL;
  readonly id: string;
  readonly unlocked: UnlockedAccount;
  readonly states: readonly VerifiedState[];
  readonly slots: readonly string[];
  readonly keep: KeepKey;
};

/** Holds a new account; nothing is on disk before the first `save`. */
export function holdAccount(
  ports: AccountPorts,
  input: AccountToHold,
  more: Partial<AccountRecord> = {},
): HeldAccount {
  const { host, id, deviceId, deviceName, unlocked, states, slots, keep } = input;
  const accountKey = encodeBase64url(unlocked.accountKey.expose());
  const account = new HeldAccount(ports, {
    version: accountRecordVersion,
    host: host.href.replace(/\/+$/, ""),
    id,
    identity: unlocked.state.account.identity,
    deviceId,
    deviceName,
    states: states.map(({ signed }) => signed),
    slots: namedSlots(unlocked.state, slots),
    keyring: unlocked.sealedKeyring,
    wallets: {},
    toRenew: [],
    session: null,
    keep,
    key: keep === "stored" ? { type: "open", accountKey } : { type: "none" },
    pending: null,
    ...more,
  });
  if (keep === "in-memory") account.unlockWith(unlocked.accountKey);
  return account;
}

/** A device's random name for itself, 16 bytes. */
export function createDeviceId({ randomBytes }: AccountPorts): string {
  return encodeBase64url(randomBytes(16));
}
