/**
 * Whose a device's wallet is (P3C-51, APP-9). A wallet that another account left behind is never taken for the one that is open:
 * nothing of it is merged or sent before a person says so.
 */
import { normalizeAccountId } from "@holdfast/protocol/protocol-4";

export type WalletOwner = {
  /** stays the same while the account's address changes: a device's or an account's id; empty: nobody's yet */
  readonly id: string;
  /** for people, and to recognise an account whose device or profile began anew */
  readonly name: string;
};

export const nobody: WalletOwner = { id: "", name: "" };

export function ownerNameOf(id: string, host: URL): string {
  return `${normalizeAccountId(id)} at ${host.origin}`;
}

/**
 * `free`: nobody's, or the same person's from before: a wallet that never synced as this one. Two accounts of protocol 4 are told
 * apart by their identities alone, because what their address is the host says.
 */
export function judgeOwner(left: WalletOwner, mine: WalletOwner): "own" | "free" | "another's" {
  if (left.id === mine.id) return "own";
  const isSameName = left.name === mine.name && !(isIdentity(left) && isIdentity(mine));
  return left.id === "" || isSameName ? "free" : "another's";
}

/** Of an account of protocol 4: a hash. */
function isIdentity({ id }: WalletOwner): boolean {
  return /^[\w-]{43}$/.test(id);
}
