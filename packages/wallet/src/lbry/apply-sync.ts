/**
 * The daemon's `sync_apply` (LBRY-28) as a function: merge what was synced, save, pack. It serves stand-ins for a daemon and shows what a real one will
 * do with a blob.
 */
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import { packText, type PackOptions, unpackBlob } from "./blob.ts";
import { rekeyCertificates } from "./certificates.ts";
import { isEncryptOnDisk } from "./disk-preference.ts";
import { objectOf } from "./fields.ts";
import { mergeLoadedWallets } from "./merge-wallets.ts";
import { hashSdkWallet, type SaveOptions, saveSdkWallet, type SdkWallet } from "./sdk-wallet.ts";
import { formatWallet, hasLockedAccount } from "./wallet-document.ts";
import { WalletError } from "./wallet-error.ts";
import { walletLocked } from "./wallet-locked.ts";

export interface ApplySyncOptions extends SaveOptions, PackOptions {
  readonly password: string;
  /** The blob to merge; without it, the wallet is only packed. */
  readonly data?: string;
}

export interface AppliedSync {
  /** The wallet in memory afterwards; unlike the SDK's, as it was if merging fails. */
  readonly wallet: SdkWallet;
  /** The text of the file, if it was saved. */
  readonly file?: string;
  readonly outcome:
    | { readonly type: "applied"; readonly hash: string; readonly data: string }
    | { readonly type: "refused"; readonly error: WalletError };
}

/** Applies a sync. With encryption on disk switched on, the given password becomes the local one, even without data. */
export async function applySync(local: SdkWallet, options: ApplySyncOptions): Promise<AppliedSync> {
  let wallet = local;
  try {
    if (options.data !== undefined) wallet = await mergeBlob(wallet, options.data, options);
  } catch (error) {
    return { wallet: local, outcome: refusal(error) };
  }
  const { password } = options;
  if (isEncryptOnDisk(wallet.preferences)) wallet = { ...wallet, password };
  const isChanged = options.data !== undefined || wallet.password !== local.password;
  const saved = isChanged ? saveSdkWallet(wallet, options) : { wallet };
  return { ...saved, outcome: await packLoaded(saved.wallet, options) };
}

async function mergeBlob(
  local: SdkWallet,
  data: string,
  options: ApplySyncOptions,
): Promise<SdkWallet> {
  const text = await unpackBlob(data, options.password, options);
  const remote = objectOf(parseJson(text), "the content of the blob");
  const { wallet, addedIds, mergedIds } = mergeLoadedWallets(local, remote, options.now);
  const touched = new Set([...addedIds, ...mergedIds]);
  const accounts = wallet.accounts.map((account) =>
    touched.has(account.id) ? rekeyCertificates(account) : account,
  );
  return { ...local, ...wallet, accounts };
}

async function packLoaded(
  wallet: SdkWallet,
  options: ApplySyncOptions,
): Promise<AppliedSync["outcome"]> {
  if (hasLockedAccount(wallet))
    return { type: "refused", error: walletLocked("it cannot be packed") };
  const data = await packText(formatJson(formatWallet(wallet)), options.password, options);
  return { type: "applied", hash: hashSdkWallet(wallet), data };
}

function refusal(error: unknown): AppliedSync["outcome"] {
  if (error instanceof WalletError) return { type: "refused", error };
  throw error;
}
