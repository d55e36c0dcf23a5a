import { mergeWallets, WalletError } from "@holdfast/wallet/lbry";
import type { MergeRule } from "./merge-rule.ts";

/** LBRY's own rules, for meeting a LBRY daemon: newest timestamp per preference, accounts united, nothing deleted. They need no base. */
export const mergeAsSdk: MergeRule = ({ local, remote, now }) => {
  try {
    return { type: "merged", wallet: mergeWallets(local, remote, { now }) };
  } catch (error) {
    if (error instanceof WalletError) return { type: "merge-refused", detail: error.message };
    throw error;
  }
};
