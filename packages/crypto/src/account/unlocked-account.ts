/** An account whose keyring is open (P4C-26): what a device holds in memory while it is unlocked. */
import { openKeyring } from "../keyring/seal-keyring.ts";
import type { Keyring } from "../keyring/keyring.ts";
import type { AccountKey } from "../slot/seal-slot.ts";
import type { VerifiedState } from "../state/verified-state.ts";

export interface UnlockedAccount {
  readonly state: VerifiedState;
  readonly accountKey: AccountKey;
  readonly keyring: Keyring;
  /** The keyring as the host keeps it: the canonical text that the state names. */
  readonly sealedKeyring: string;
}

/** Opens the keyring that the verified state names. Throws `cannot-open` where anything does not fit that state. */
export function unlockAccount(
  state: VerifiedState,
  accountKey: AccountKey,
  sealedKeyring: string,
): UnlockedAccount {
  const keyring = openKeyring(sealedKeyring, accountKey, state);
  return { state, accountKey, keyring, sealedKeyring };
}
