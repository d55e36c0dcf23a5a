/** The local wallet without a host: preferences (P3C-35), whole wallets in and out (P3C-36). */
import {
  emptyWallet,
  formatJson,
  getPreference,
  isLocked,
  lbryFormat,
  listPreferences,
  notesPreference,
  parseWalletFile,
  putNotes,
  sameContent,
  setPreference,
  unlockWallet,
  WalletError,
  type JsonValue,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { ImportOutcome, ReservedPreference } from "../outcomes.ts";
import {
  contentOfWallet,
  linePreference,
  sameName,
  type LbryContent,
} from "../protocol-3/revision-text.ts";
import type { Device } from "./device.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { withWallet, type OpenWallet } from "./open-wallet.ts";

type WalletEdits = Pick<
  Device,
  "getPreference" | "listPreferences" | "setPreference" | "importWallet" | "exportWallet"
>;

export function createWalletEdits(settings: DeviceSettings): WalletEdits {
  return {
    getPreference: async (key) =>
      await withWallet(settings, undefined, async ({ record }) => {
        if (isReserved(key)) return await Promise.resolve(reserved(key));
        const value = getPreference(record.local.document, key);
        return await Promise.resolve(
          value === undefined
            ? { type: "not-set" as const }
            : { type: "preference" as const, value },
        );
      }),

    listPreferences: async () =>
      await withWallet(
        settings,
        undefined,
        async ({ record }) =>
          await Promise.resolve({
            type: "preferences" as const,
            preferences: new Map(
              [...listPreferences(record.local.document)].sort(([one], [other]) =>
                one < other ? -1 : 1,
              ),
            ),
          }),
      ),

    setPreference: async (key, value) =>
      await withWallet(
        settings,
        undefined,
        async (wallet) => await setOne(settings, wallet, key, value),
      ),

    importWallet: async (walletText) =>
      await withWallet(settings, undefined, async (wallet) => await importText(wallet, walletText)),

    exportWallet: async () =>
      await withWallet(
        settings,
        undefined,
        async ({ record }) =>
          await Promise.resolve({
            type: "exported" as const,
            text: formatJson(putNotes(record.local), { indent: 4, sortKeys: true }),
          }),
      ),
  };
}

function isReserved(key: string): boolean {
  return key === notesPreference || key === linePreference;
}

function reserved(key: string): ReservedPreference {
  return { type: "reserved-preference", key };
}

async function setOne(
  { ports }: DeviceSettings,
  wallet: OpenWallet,
  key: string,
  value: JsonValue,
) {
  if (isReserved(key)) return reserved(key);
  const { local } = wallet.record;
  const nowSeconds = ports.clock.nowMs() / 1000;
  await wallet.edit({ ...local, document: setPreference(local.document, key, value, nowSeconds) });
  return { type: "saved" as const, hasLocalChanges: wallet.hasLocalChanges };
}

async function importText(wallet: OpenWallet, walletText: string): Promise<ImportOutcome> {
  let content: LbryContent;
  try {
    const imported = readImported(wallet, walletText);
    if (imported === null) {
      return {
        type: "wallet-refused",
        detail: "it is encrypted, and the password is not on this device",
      };
    }
    // One of a newer Holdfast is refused.
    content = contentOfWallet(imported);
  } catch (error) {
    if (error instanceof WalletError) return { type: "wallet-refused", detail: error.message };
    throw error;
  }
  const { local } = wallet.record;
  const isTaken = sameContent(putNotes(local), emptyWallet());
  await wallet.edit(
    isTaken ? content : lbryFormat.merge(lbryFormat.empty, local, sameName(local, content)),
  );
  return {
    type: "imported",
    how: isTaken ? "taken" : "merged",
    hasLocalChanges: wallet.hasLocalChanges,
    openConflicts: wallet.openConflicts,
  };
}

/** null: it is encrypted, and not with a password this device knows. */
function readImported({ holder }: OpenWallet, walletText: string): WalletDocument | null {
  const wallet = parseWalletFile(walletText);
  if (!isLocked(wallet)) return wallet;
  const [password] = holder.filePasswords;
  return password === undefined ? null : unlockWallet(wallet, password.reveal());
}
