/**
 * Encrypting one account for the disk and decrypting it again (LBRY-25, LBRY-27). Seed and private key are encrypted, certificates are not.
 */
import type { Account } from "./account.ts";
import { decryptField, encryptField } from "./disk-cipher.ts";
import {
  type ExtendedKey,
  isUnlockableSeedPhrase,
  networkOfLedger,
  parseExtendedKey,
} from "./keys/index.ts";
import { WalletError } from "./wallet-error.ts";

/** Gives 16 fresh random bytes at each call. */
export type InitVectorSource = () => Uint8Array;

/**
 * The account encrypted, with init vectors drawn for the fields that have none yet, the private key's first. An account that
 * is encrypted already stays as it is.
 */
export function encryptAccount(
  account: Account,
  password: string,
  drawInitVector: InitVectorSource,
): Account {
  if (account.isEncrypted) return account;
  const initVectors = { ...account.initVectors };
  let { privateKey, seed } = account;
  if (privateKey) {
    initVectors.privateKey ??= drawInitVector();
    privateKey = encryptField(privateKey, password, initVectors.privateKey);
  }
  if (seed) {
    initVectors.seed ??= drawInitVector();
    seed = encryptField(seed, password, initVectors.seed);
  }
  return { ...account, isEncrypted: true, privateKey, seed, initVectors };
}

/**
 * What shows that a password was the right one. The SDK wants seeds of listed words and so never opens others again; a private key that belongs
 * to the account's public key proves as much.
 */
export type UnlockRule = "sdk" | "proven-key";

/** The account decrypted; throws `invalid-password` or `malformed-blob`. An account in clear stays as it is. */
export function decryptAccount(account: Account, password: string, rule: UnlockRule): Account {
  if (!account.isEncrypted) return account;
  const seed = account.seed ? decryptField(account.seed, password) : undefined;
  const key = account.privateKey ? decryptField(account.privateKey, password) : undefined;
  const privateKey = key?.text ? readPrivateKey(key.text, account.ledger) : undefined;
  const isProven = rule === "proven-key" && privateKey?.publicText === account.publicKey;
  if (!isProven && !isUnlockableSeedPhrase(seed?.text ?? "")) throw wrongPassword();
  return {
    ...account,
    isEncrypted: false,
    seed: seed?.text ?? "",
    privateKey: privateKey?.privateText ?? "",
    initVectors: {
      ...account.initVectors,
      ...(seed === undefined ? {} : { seed: seed.initVector }),
      ...(key === undefined ? {} : { privateKey: key.initVector }),
    },
  };
}

function readPrivateKey(text: string, ledger: string): ExtendedKey {
  try {
    const key = parseExtendedKey(text, networkOfLedger(ledger));
    if (key.hasPrivateKey) return key;
  } catch (cause) {
    throw wrongPassword(cause);
  }
  throw wrongPassword();
}

function wrongPassword(cause?: unknown): WalletError {
  return new WalletError(
    "invalid-password",
    "The password is wrong: what it decrypts is no seed or key.",
    { cause },
  );
}

/**
 * Whether LBRY could unlock this account again after encrypting it. A seed that is not exactly lower-case English listed words gives
 * keys like any other, but once encrypted no password will ever unlock it: warn before encrypting such a wallet.
 */
export function isUnlockableAccount(account: Account): boolean {
  return account.isEncrypted || !account.seed || isUnlockableSeedPhrase(account.seed);
}
