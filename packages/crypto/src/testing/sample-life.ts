import { changeCredentials } from "../account/change-credentials.ts";
import type { ChangedAccount } from "../account/draft.ts";
import { rotateAccount } from "../account/rotate-account.ts";
import type { Hash, WalletId } from "../identifiers.ts";
import type { SlotKey } from "../slot/slot-key.ts";
import {
  type SampleAccount,
  sampleAccount,
  samplePasskey,
  samplePassword,
  sampleTime,
} from "./sample-account.ts";

/** An account that has seen every kind of change: created, wallet added, passkey added, password changed, rotated, password changed. */
export interface SampleLife {
  readonly start: SampleAccount;
  /** One change a state, from the first. */
  readonly changes: readonly ChangedAccount[];
  /** The password slot's key and OPAQUE record after each change. */
  readonly passwords: readonly { readonly key: SlotKey; readonly record: Uint8Array }[];
}

/** The same life for the same seed. `heads` are the wallets' newest headers at the rotation. */
export function sampleLife(
  seed = "life",
  heads: ReadonlyMap<WalletId, Hash | null> = new Map([["default" as WalletId, null]]),
): SampleLife {
  const start = sampleAccount(seed);
  const { random } = start;
  const at = (day: number) => ({ random, savedAt: sampleTime + day });
  const [first, second, third, fourth] = [
    { key: start.passwordKey, record: start.record },
    samplePassword(random),
    samplePassword(random),
    samplePassword(random),
  ];
  const grown = changeCredentials(start.account, { addWallets: ["Savings"] }, at(1));
  const keyed = changeCredentials(grown.account, { addSlots: [samplePasskey(random)] }, at(2));
  const renewed = changeCredentials(keyed.account, { addSlots: [second.slot] }, at(3));
  const rotated = rotateAccount(renewed.account, { slots: [third.slot], heads }, at(4));
  const last = changeCredentials(rotated.account, { addSlots: [fourth.slot] }, at(5));
  return {
    start,
    changes: [start, grown, keyed, renewed, rotated, last],
    passwords: [first, first, first, second, third, fourth],
  };
}
