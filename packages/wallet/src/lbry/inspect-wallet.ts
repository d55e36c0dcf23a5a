/** What a wallet holds, without anything secret (LBRY-30). */
import { type Account, accountKind } from "./account.ts";
import { isEncryptOnDisk } from "./disk-preference.ts";
import { isUnlockableAccount } from "./account-encryption.ts";
import {
  hasLockedAccount,
  type LoadOptions,
  loadWallet,
  type WalletDocument,
} from "./wallet-document.ts";

export interface WalletSummary {
  readonly name: string | null;
  readonly accounts: readonly AccountSummary[];
  readonly preferenceNames: readonly string[];
  /** Whether seeds and keys are encrypted right now. */
  readonly isLocked: boolean;
  /** Whether they are, or are to be when the file is saved by LBRY. */
  readonly isEncrypted: boolean;
}

export interface AccountSummary {
  readonly id: string;
  readonly name: string;
  readonly ledger: string;
  readonly kind: "seed" | "private-key" | "watch-only";
  readonly generator: "deterministic-chain" | "single-address";
  /** Absent for a single address. */
  readonly gaps?: { readonly receiving: number; readonly change: number };
  readonly isEncrypted: boolean;
  readonly channelCount: number;
  /** Seconds since 1970. */
  readonly modifiedOn: number;
  /** Whether LBRY could unlock it again after encrypting it; unknown, thus true, while it is encrypted. */
  readonly isUnlockable: boolean;
}

/** A summary without seeds, keys or preference values; throws as `parseWallet`. */
export function inspectWallet(wallet: WalletDocument, options: LoadOptions = {}): WalletSummary {
  const loaded = loadWallet(wallet, options);
  const isLocked = hasLockedAccount(loaded);
  return {
    name: loaded.name,
    accounts: loaded.accounts.map(inspectAccount),
    preferenceNames: [...loaded.preferences.keys()],
    isLocked,
    isEncrypted: isLocked || isEncryptOnDisk(loaded.preferences),
  };
}

function inspectAccount(account: Account): AccountSummary {
  const { id, name, ledger, generator, isEncrypted } = account;
  return {
    id,
    name,
    ledger,
    kind: accountKind(account),
    generator: generator.type,
    ...(generator.type === "single-address"
      ? {}
      : {
          gaps: {
            receiving: Number(generator.receiving.gap),
            change: Number(generator.change.gap),
          },
        }),
    isEncrypted,
    channelCount: account.certificates.size,
    modifiedOn: Number(account.modifiedOn),
    isUnlockable: isUnlockableAccount(account),
  };
}
