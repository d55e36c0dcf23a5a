/**
 * The prefixes that tell LBRY's networks apart (LBRY-40). Testnet and regtest share all of theirs.
 */
import { WalletError } from "../wallet-error.ts";

export interface Network {
  /** The SDK's id of the ledger, as an account's `ledger` field has it. */
  readonly ledger: "lbc_mainnet" | "lbc_testnet" | "lbc_regtest";
  readonly addressPrefix: number;
  readonly wifPrefix: number;
  /** Version bytes of extended keys as 32-bit numbers: xprv/xpub or tprv/tpub. */
  readonly extendedKeyVersions: { readonly private: number; readonly public: number };
}

const testPrefixes = {
  addressPrefix: 111,
  wifPrefix: 0x1c,
  extendedKeyVersions: { private: 0x04358394, public: 0x043587cf },
};

export const mainnet: Network = {
  ledger: "lbc_mainnet",
  addressPrefix: 0x55,
  wifPrefix: 0x1c,
  extendedKeyVersions: { private: 0x0488ade4, public: 0x0488b21e },
};
export const testnet: Network = { ledger: "lbc_testnet", ...testPrefixes };
export const regtest: Network = { ledger: "lbc_regtest", ...testPrefixes };

/** The network an account's `ledger` names; throws `unknown-ledger`. */
export function networkOfLedger(ledger: string): Network {
  const network = [mainnet, testnet, regtest].find((known) => known.ledger === ledger);
  if (network === undefined) {
    throw new WalletError(
      "unknown-ledger",
      "An account in this wallet belongs to a blockchain other than LBRY's, so its keys cannot be read.",
    );
  }
  return network;
}
