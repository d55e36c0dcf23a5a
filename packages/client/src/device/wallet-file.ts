/**
 * A wallet file of the person's own (P3C-18), in the SDK's format. In memory it is always in the clear; a file that is encrypted on disk is
 * unlocked with the account's password and written back encrypted.
 */
import {
  encryptWallet,
  formatJson,
  getPreference,
  isLocked,
  lbryFormat,
  lockNotes,
  parseWallet,
  parseWalletFile,
  putNotes,
  unlockNotes,
  unlockWallet,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import { parseState } from "../driver/state-codec.ts";
import type { LocalWalletUnusable, WalletAlreadyLinked } from "../outcomes.ts";
import { contentOfWallet, type LbryContent } from "../protocol-3/revision-text.ts";
import type { DevicePorts, StoreSession } from "./device-ports.ts";
import type { WalletHolder } from "./wallet-holder.ts";

/** The file as read, with what is needed to write it back. */
export type WalletFile = {
  readonly type: "wallet-file";
  readonly path: string;
  readonly content: LbryContent;
  readonly text: string;
  readonly isEncryptedOnDisk: boolean;
};

/** null: the profile has no wallet file. */
export async function readLinkedWallet(
  holder: WalletHolder,
): Promise<WalletFile | LocalWalletUnusable | null> {
  const path = holder.walletPath;
  if (path === null) return null;
  const unusable = explainUnusable(holder, path);
  const read = await holder.session.readFile(path);
  if (read.type === "unreadable") return unusable("malformed", read.detail);
  if (read.type === "none") return unusable("missing", "the wallet file is not there");
  try {
    const wallet = parseWallet(read.text);
    const unlocked = unlock(holder, wallet);
    if (unlocked === null)
      return unusable("locked", "it is encrypted under another password than the account's");
    return {
      type: "wallet-file",
      path,
      content: contentOfWallet(unlocked),
      text: read.text,
      isEncryptedOnDisk: isLocked(wallet),
    };
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    if (error.code !== "unsupported-version") return unusable("malformed", error.message);
    return unusable("newer-version", "a newer version of Holdfast wrote it");
  }
}

/** With one of the account's passwords; null: none opens its accounts. */
function unlock({ filePasswords }: WalletHolder, wallet: WalletDocument): WalletDocument | null {
  const passwords = filePasswords.map((password) => password.reveal());
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

/** Writes `content` over what was read; refuses when somebody else wrote in the meantime. */
export async function writeLinkedWallet(
  holder: WalletHolder,
  file: WalletFile,
  content: LbryContent,
): Promise<{ readonly type: "written" } | LocalWalletUnusable> {
  const unusable = explainUnusable(holder, file.path);
  const onDisk = encryptForDisk(holder, file, putNotes(content));
  if (onDisk === null) return unusable("locked", "it could not be encrypted again");
  // Not `formatWalletFile`, which drops the fields the SDK does not know.
  const text = formatJson(onDisk, { indent: 4, sortKeys: true });
  const written = await holder.session.writeFile(file.path, text, file.text);
  if (written.type === "written") return written;
  return unusable("changed-meanwhile", "another program wrote it at the same time");
}

/**
 * The wallet as its file is to hold it: encrypted where it was or is to be from now on. A wallet that cannot be encrypted stays in
 * the clear if it was; null if it was not.
 */
function encryptForDisk(
  { filePasswords, ports }: WalletHolder,
  { isEncryptedOnDisk }: WalletFile,
  wallet: WalletDocument,
): WalletDocument | null {
  if (!isEncryptedOnDisk && getPreference(wallet, "encrypt-on-disk") !== true) return wallet;
  const inClear = isEncryptedOnDisk ? null : wallet;
  const [password] = filePasswords;
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

/** A profile as far as its wallet file is concerned. */
type Linking = {
  readonly ports: Pick<DevicePorts, "store">;
  readonly session: Pick<StoreSession, "readFile" | "readState" | "removeState">;
  /** null: there is no account yet */
  readonly profile: { readonly walletPath: string | null } | null;
};

/** Which wallet file a profile is to use: the given one where that is possible, else the one it has. */
export async function checkLinkedWallet(
  linking: Linking,
  path: string | undefined,
): Promise<
  | { readonly type: "link"; readonly walletPath: string | null }
  | WalletAlreadyLinked
  | LocalWalletUnusable
> {
  const { profile, session } = linking;
  const current = profile?.walletPath ?? null;
  if (path === undefined) return { type: "link", walletPath: current };
  const { store } = linking.ports;
  // Absolute from here on: the next call may be made in another folder.
  const walletPath = store.describe({ path });
  if (walletPath === current) return { type: "link", walletPath };
  if (profile !== null && !(await giveUpWallet(linking, current)))
    return {
      type: "wallet-already-linked",
      location: store.describe(current === null ? "state" : { path: current }),
    };
  const read = await session.readFile(walletPath);
  const unusable = explainUnusable(linking, walletPath);
  if (read.type === "none") return unusable("missing", "the wallet file is not there");
  if (read.type === "unreadable") return unusable("malformed", read.detail);
  try {
    parseWalletFile(read.text);
  } catch (error) {
    if (error instanceof WalletError) return unusable("malformed", error.message);
    throw error;
  }
  return { type: "link", walletPath };
}

/** Forgets the profile's wallet if nothing would be lost by it: it never synced, and lies in a file. */
async function giveUpWallet({ session }: Linking, current: string | null): Promise<boolean> {
  const text = await session.readState();
  if (text === null) return true;
  const read = parseState(text, lbryFormat);
  if (current === null || read.type !== "state") return false;
  const { synced, inFlight } = read.state.record;
  if (synced.sequence > 0 || inFlight !== null) return false;
  await session.removeState();
  return true;
}

function explainUnusable({ ports }: { readonly ports: Pick<DevicePorts, "store"> }, path: string) {
  return (reason: LocalWalletUnusable["reason"], detail: string): LocalWalletUnusable => ({
    type: "local-wallet-unusable",
    reason,
    location: ports.store.describe({ path }),
    detail,
  });
}
