/**
 * What a host shows of an account's credentials, verified along the chain from what this device remembers (P4K-20 to P4K-22).
 * Whatever does not hold has a name, and nothing of it is used.
 */
import {
  CryptoError,
  hashText,
  type Hash,
  type HostOrigin,
  openSlot,
  type SlotKey,
  type StatesOutcome,
  type UnlockedAccount,
  unlockAccount,
  type VerifiedState,
  verifyStates,
  parseSlot,
} from "@holdfast/crypto";
import type { Credentials } from "@holdfast/protocol/protocol-4";
import { type HostMisbehaves4, misbehaves, type UnsupportedVersion } from "../outcomes.ts";

export type VerifiedCredentials = {
  readonly type: "verified";
  readonly newest: VerifiedState;
  /** from the first to the newest */
  readonly states: readonly VerifiedState[];
  /** those after the remembered one */
  readonly fresh: readonly VerifiedState[];
  readonly slots: readonly string[];
  readonly keyring: string;
};

export type CredentialsFault = HostMisbehaves4 | UnsupportedVersion;

type Expected = {
  /** from the first to the newest that is remembered; empty: nothing is known of the account */
  readonly known: readonly VerifiedState[];
  /** of the client's own connection; absent for a local copy */
  readonly host?: HostOrigin;
  readonly identity?: Hash;
};

export function verifyCredentials(
  { known, host, identity }: Expected,
  shown: Credentials,
): VerifiedCredentials | CredentialsFault {
  const remembered = known.at(-1);
  const outcome = verifyStates({
    remembered,
    received: shown.states.map(({ body, signature, successorSignature }) => ({
      body,
      signature,
      ...(successorSignature !== undefined && { successorSignature }),
    })),
    ...(host !== undefined && { host }),
    identity: identity ?? remembered?.account.identity,
  });
  if (outcome.type !== "verified") return faultOf(outcome);
  const { newest, fresh } = outcome;
  if (shown.identity !== newest.account.identity)
    return misbehaves("wrong-account", "it shows the account under another identity");
  if (shown.slots.some((slot) => !isNamed(slot, newest)))
    return misbehaves("wrong-slot", "it shows a key slot that the newest state does not name");
  if (hashText(shown.keyring) !== newest.keyringHash)
    return misbehaves("wrong-keyring", "it shows a keyring that the newest state does not name");
  const { slots, keyring } = shown;
  return { type: "verified", newest, states: [...known, ...fresh], fresh, slots, keyring };
}

/** Opens what was verified with a slot's key. */
export function unlockBySlot(
  { newest, slots, keyring }: VerifiedCredentials,
  key: SlotKey,
): { readonly type: "unlocked"; readonly account: UnlockedAccount } | HostMisbehaves4 {
  const slot = slots.find((text) => isNamed(text, newest) && parseSlot(text).kind === key.kind);
  const missing = misbehaves("wrong-slot", `it shows no ${key.kind} slot that this key opens`);
  if (slot === undefined) return missing;
  const accountKey = opened(() => openSlot(slot, key, newest));
  if (accountKey === null) return missing;
  return unlockByKey({ newest, keyring }, accountKey);
}

/** Opens what was verified with the accountKey itself. */
export function unlockByKey(
  { newest, keyring }: Pick<VerifiedCredentials, "newest" | "keyring">,
  accountKey: UnlockedAccount["accountKey"],
): { readonly type: "unlocked"; readonly account: UnlockedAccount } | HostMisbehaves4 {
  const account = opened(() => unlockAccount(newest, accountKey, keyring));
  if (account !== null) return { type: "unlocked", account };
  return misbehaves("wrong-keyring", "its keyring does not belong to this account");
}

function isNamed(slot: string, { slots }: VerifiedState): boolean {
  const hash = hashText(slot);
  return slots.some((named) => named.hash === hash);
}

function opened<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

/** P4K-20: the name of what is wrong with a chain of states. */
function faultOf(outcome: Exclude<StatesOutcome, { readonly type: "verified" }>): CredentialsFault {
  switch (outcome.type) {
    case "rollback":
      return misbehaves(
        "rollback",
        `it shows credentials of epoch ${outcome.received}; this device has seen ${outcome.remembered}`,
      );
    case "fork":
      return misbehaves(
        "fork",
        `at epoch ${outcome.position} it shows other credentials than this device has seen`,
      );
    case "missing-link":
      return misbehaves("missing-link", `the state of epoch ${outcome.position} is missing`);
    case "forged":
      return misbehaves(
        "forged",
        `a state after epoch ${outcome.epoch} is not signed as it must be`,
      );
    case "unlawful":
      return misbehaves("unlawful", `the state of epoch ${outcome.epoch} breaks ${outcome.rule}`);
    case "wrong-account":
      return misbehaves("wrong-account", "it shows the credentials of another account");
    case "wrong-host":
      return misbehaves("wrong-host", "these credentials were made for another host");
    case "unsupported-version":
      return { type: "unsupported-version", minVersion: outcome.minVersion };
  }
}
