/** The local wallet without a host: preferences (P3C-35), whole wallets in and out (P3C-36). */
import {
  emptyWallet,
  formatJson,
  getPreference,
  isLocked,
  listPreferences,
  notesPreference,
  parseWallet,
  sameContent,
  setPreference,
  unlockWallet,
  WalletError,
  type JsonValue,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { ImportOutcome, ReservedPreference, WalletFailure } from "../outcomes.ts";
import type { MergeRule } from "../sync/merge-rule.ts";
import { countConflicts } from "./count-conflicts.ts";
import type { Device } from "./device.ts";
import { holdAccount, type DeviceSettings, type HeldAccount } from "./held-device.ts";
import {
  isUntouched,
  readLocalWallet,
  writeLocalWallet,
  type LocalWallet,
} from "./local-wallet.ts";

type WalletEdits = Pick<
  Device,
  "getPreference" | "listPreferences" | "setPreference" | "importWallet" | "exportWallet"
>;

export function createWalletEdits(settings: DeviceSettings, merge: MergeRule): WalletEdits {
  return {
    getPreference: async (key) =>
      await withWallet(settings, async (_, { wallet }) => {
        if (key === notesPreference) return await Promise.resolve(reserved);
        const value = getPreference(wallet, key);
        return await Promise.resolve(
          value === undefined
            ? { type: "not-set" as const }
            : { type: "preference" as const, value },
        );
      }),

    listPreferences: async () =>
      await withWallet(
        settings,
        async (_, { wallet }) =>
          await Promise.resolve({
            type: "preferences" as const,
            preferences: withoutNotes(listPreferences(wallet)),
          }),
      ),

    setPreference: async (key, value) =>
      await withWallet(
        settings,
        async (account, local) => await setOne(account, local, key, value),
      ),

    importWallet: async (walletText) =>
      await withWallet(
        settings,
        async (account, local) => await importText(account, local, walletText, merge),
      ),

    exportWallet: async () =>
      await withWallet(
        settings,
        async (_, { wallet }) =>
          await Promise.resolve({
            type: "exported" as const,
            text: formatJson(wallet, { indent: 4, sortKeys: true }),
          }),
      ),
  };
}

/** Runs `work` with the device's lock held and its wallet read. */
export async function withWallet<Outcome>(
  settings: DeviceSettings,
  work: (account: HeldAccount, local: LocalWallet) => Promise<Outcome>,
): Promise<Outcome | WalletFailure> {
  return await holdAccount(
    settings,
    undefined,
    async (account): Promise<Outcome | WalletFailure> => {
      const local = await readLocalWallet(account);
      return local.type === "wallet" ? await work(account, local) : local;
    },
  );
}

const reserved: ReservedPreference = { type: "reserved-preference", key: notesPreference };

function withoutNotes(preferences: ReadonlyMap<string, JsonValue>): ReadonlyMap<string, JsonValue> {
  return new Map([...preferences].filter(([key]) => key !== notesPreference));
}

async function setOne(account: HeldAccount, local: LocalWallet, key: string, value: JsonValue) {
  if (key === notesPreference) return reserved;
  const nowSeconds = account.ports.clock.nowMs() / 1000;
  const wallet = setPreference(local.wallet, key, value, nowSeconds);
  const written = await writeLocalWallet(account, local, wallet);
  if (written.type !== "written") return written;
  const hasLocalChanges = !isUntouched(wallet, account.profile.synced);
  return { type: "saved" as const, hasLocalChanges };
}

async function importText(
  account: HeldAccount,
  local: LocalWallet,
  walletText: string,
  merge: MergeRule,
): Promise<ImportOutcome> {
  let imported: WalletDocument;
  try {
    imported = parseWallet(walletText);
    const password = account.profile.secrets?.walletPassword;
    if (isLocked(imported) && password !== undefined) {
      imported = unlockWallet(imported, password.reveal());
    }
    // One of a newer Holdfast is refused.
    countConflicts(imported);
  } catch (error) {
    if (error instanceof WalletError) return { type: "wallet-refused", detail: error.message };
    throw error;
  }
  if (isLocked(imported)) {
    return {
      type: "wallet-refused",
      detail: "it is encrypted, and the password is not on this device",
    };
  }
  const isTaken = sameContent(local.wallet, emptyWallet());
  const now = account.ports.clock.nowMs() / 1000;
  const joined = isTaken
    ? { type: "merged" as const, wallet: imported }
    : merge({ base: null, local: local.wallet, remote: imported, now });
  if (joined.type !== "merged") return joined;
  const written = await writeLocalWallet(account, local, joined.wallet);
  if (written.type !== "written") return written;
  return {
    type: "imported",
    how: isTaken ? "taken" : "merged",
    hasLocalChanges: !isUntouched(joined.wallet, account.profile.synced),
    openConflicts: countConflicts(joined.wallet),
  };
}
