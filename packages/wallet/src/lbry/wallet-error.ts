export type WalletErrorCode =
  | "invalid-password"
  | "key-derivation"
  | "malformed-blob"
  | "malformed-json"
  | "malformed-key"
  | "malformed-seed"
  | "malformed-wallet"
  | "merge-refused"
  | "not-unlockable"
  | "too-deep"
  | "too-large"
  | "unknown-ledger"
  | "unsupported-kdf"
  | "unsupported-version"
  | "wallet-locked"
  | "weak-randomness";

/** What went wrong with a wallet: a stable `code` for programs, a sentence for people, never a secret in either. */
export class WalletError extends Error {
  override readonly name = "WalletError";
  readonly code: WalletErrorCode;

  constructor(code: WalletErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
