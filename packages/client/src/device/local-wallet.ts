/**
 * The wallet on this device (P3C-18): a file of the person's own or one in the profile, both in the SDK's format. In
 * memory it is always in the clear; a file that is encrypted on disk is unlocked with the account's password and
 * written back encrypted.
 */
import {
  emptyWallet,
  encryptWallet,
  formatJson,
  getPreference,
  isLocked,
  lockNotes,
  parseWallet,
  sameContent,
  unlockNotes,
  unlockWallet,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { LocalWalletUnusable, WalletAlreadyLinked } from "../outcomes.ts";
import { countConflicts } from "./count-conflicts.ts";
import type { WalletPlace } from "./device-ports.ts";
import type { HeldAccount, HeldDevice } from "./held-device.ts";
import type { KnownRevision, Profile } from "./profile.ts";

/** The wallet as read, with what is needed to write it back. */
export type LocalWallet = {
  readonly type: "wallet";
  readonly wallet: WalletDocument;
  /** how many conflicts in it wait for a decision */
  readonly openConflicts: number;
  /** null: there is no file yet */
  readonly fileText: string | null;
  readonly isEncryptedOnDisk: boolean;
};

export function placeOf({ walletPath }: Pick<Profile, "walletPath">): WalletPlace {
  return walletPath === null ? { type: "profile" } : { type: "file", path: walletPath };
}

export async function readLocalWallet(
  account: HeldAccount,
): Promise<LocalWallet | LocalWalletUnusable> {
  const place = placeOf(account.profile);
  const unusable = explainUnusable(account, place);
  const read = await account.session.readWallet(place);
  if (read.type === "unreadable") return unusable("malformed", read.detail);
  if (read.type === "none") {
    if (place.type === "file") return unusable("missing", "the wallet file is not there");
    return {
      type: "wallet",
      wallet: emptyWallet(),
      openConflicts: 0,
      fileText: null,
      isEncryptedOnDisk: false,
    };
  }
  try {
    const wallet = parseWallet(read.text);
    const isEncryptedOnDisk = isLocked(wallet);
    const unlocked = unlock(account, wallet);
    if (unlocked === null) {
      return unusable("locked", "it is encrypted under another password than the account's");
    }
    return {
      type: "wallet",
      wallet: unlocked,
      openConflicts: countConflicts(unlocked),
      fileText: read.text,
      isEncryptedOnDisk,
    };
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    if (error.code !== "unsupported-version") return unusable("malformed", error.message);
    return unusable("newer-version", "a newer version of Holdfast wrote it");
  }
}

/** With the account's password, or the one before its last change; null: neither opens its accounts. */
function unlock({ profile }: HeldAccount, wallet: WalletDocument): WalletDocument | null {
  const passwords = [profile.secrets?.walletPassword, profile.previousWalletPassword]
    .filter((password) => password !== undefined && password !== null)
    .map((password) => password.reveal());
  const unlocked = isLocked(wallet) ? unlockAccounts(wallet, passwords) : wallet;
  return unlocked && passwords.reduce(unlockNotes, unlocked);
}

function unlockAccounts(
  wallet: WalletDocument,
  passwords: readonly string[],
): WalletDocument | null {
  for (const password of passwords) {
    try {
      return unlockWallet(wallet, password);
    } catch (error) {
      if (!(error instanceof WalletError) || error.code !== "invalid-password") throw error;
    }
  }
  return null;
}

/** Writes `wallet` over what was read; refuses when somebody else wrote in the meantime. */
export async function writeLocalWallet(
  account: HeldAccount,
  read: LocalWallet,
  wallet: WalletDocument,
): Promise<{ readonly type: "written" } | LocalWalletUnusable> {
  const place = placeOf(account.profile);
  const unusable = explainUnusable(account, place);
  const onDisk = place.type === "file" ? encryptForDisk(account, read, wallet) : wallet;
  if (onDisk === null) return unusable("locked", "it could not be encrypted again");
  // Not `formatWalletFile`, which drops the fields the SDK does not know.
  const text = formatJson(onDisk, { indent: 4, sortKeys: true });
  const written = await account.session.writeWallet(place, text, read.fileText);
  if (written.type === "written") return written;
  return unusable("changed-meanwhile", "another program wrote it at the same time");
}

/**
 * The wallet as its file is to hold it: encrypted where it was or is to be from now on. A wallet that cannot be encrypted stays in
 * the clear if it was; null if it was not. The wallet in the profile is never encrypted: the password lies beside it.
 */
function encryptForDisk(
  { profile, ports }: HeldAccount,
  { isEncryptedOnDisk }: LocalWallet,
  wallet: WalletDocument,
): WalletDocument | null {
  if (!isEncryptedOnDisk && getPreference(wallet, "encrypt-on-disk") !== true) return wallet;
  const inClear = isEncryptedOnDisk ? null : wallet;
  const password = profile.secrets?.walletPassword;
  if (password === undefined) return inClear;
  try {
    const encrypted = encryptWallet(wallet, password.reveal(), {
      now: ports.clock.nowMs() / 1000,
      ivs: () => ports.randomBytes(16),
    });
    // Encrypting also stamps the preference anew, which would be a change to push.
    const preferences = wallet.get("preferences") ?? new Map();
    return lockNotes(new Map([...encrypted, ["preferences", preferences]]), password.reveal(), () =>
      ports.randomBytes(16),
    );
  } catch (error) {
    if (error instanceof WalletError) return inClear;
    throw error;
  }
}

/** Whether `wallet` says nothing that the revision last synced does not say; without one, whether it is empty. */
export function isUntouched(wallet: WalletDocument, synced: KnownRevision | null): boolean {
  return sameContent(wallet, synced === null ? emptyWallet() : parseWallet(synced.walletText));
}

/** null: the wallet cannot be read. */
export async function hasLocalChanges(account: HeldAccount): Promise<boolean | null> {
  const local = await readLocalWallet(account);
  return local.type === "wallet" ? !isUntouched(local.wallet, account.profile.synced) : null;
}

/** Which wallet file a profile is to use: the given one where that is possible, else the one it has. */
export async function checkLinkedWallet(
  held: HeldDevice,
  path: string | undefined,
): Promise<
  | { readonly type: "link"; readonly walletPath: string | null }
  | WalletAlreadyLinked
  | LocalWalletUnusable
> {
  const { account } = held;
  const current = account?.profile.walletPath ?? null;
  if (path === undefined) return { type: "link", walletPath: current };
  const { store } = held.ports;
  // Absolute from here on: the next call may be made in another folder.
  const walletPath = store.describe({ type: "file", path });
  if (walletPath === current) return { type: "link", walletPath };
  if (account !== null && !(await isWalletReplaceable(account))) {
    return { type: "wallet-already-linked", location: store.describe(placeOf(account.profile)) };
  }
  const read = await held.session.readWallet({ type: "file", path: walletPath });
  const unusable = explainUnusable(held, { type: "file", path: walletPath });
  if (read.type === "none") return unusable("missing", "the wallet file is not there");
  if (read.type === "unreadable") return unusable("malformed", read.detail);
  try {
    parseWallet(read.text);
  } catch (error) {
    if (error instanceof WalletError) return unusable("malformed", error.message);
    throw error;
  }
  return { type: "link", walletPath };
}

async function isWalletReplaceable(account: HeldAccount): Promise<boolean> {
  const { synced, inFlight, walletPath } = account.profile;
  if (synced !== null || inFlight !== null) return false;
  if (walletPath !== null) return true;
  return (await account.session.readWallet({ type: "profile" })).type === "none";
}

function explainUnusable({ ports }: Pick<HeldDevice, "ports">, place: WalletPlace) {
  return (reason: LocalWalletUnusable["reason"], detail: string): LocalWalletUnusable => ({
    type: "local-wallet-unusable",
    reason,
    location: ports.store.describe(place),
    detail,
  });
}
