/** The wallet that lies in a profile, where an account comes to it: its own, nobody's, or one that another account left (P3C-51). */
import { lbryFormat } from "@holdfast/wallet/lbry";
import { formatState, parseState } from "../driver/state-codec.ts";
import type { LocalWalletUnusable } from "../outcomes.ts";
import { judgeOwner, nobody, ownerNameOf, type WalletOwner } from "../wallet-owner/wallet-owner.ts";
import type { DevicePorts, StoreSession } from "./device-ports.ts";
import type { DeviceSettings } from "./device-settings.ts";

export function anothersWallet(
  { store }: Pick<DevicePorts, "store">,
  { name }: WalletOwner,
): LocalWalletUnusable {
  return {
    type: "local-wallet-unusable",
    reason: "another-account",
    location: store.describe("state"),
    detail: `it is the wallet of ${name}`,
  };
}

/** Before an account comes to a profile that has none. null: there is nothing, or nothing of anybody else. */
export async function checkLeftWallet(
  { ports, session }: Pick<DeviceSettings, "ports"> & { readonly session: StoreSession },
  { id, host }: { readonly id: string; readonly host: URL },
): Promise<LocalWalletUnusable | null> {
  const text = await session.readState();
  const read = text === null ? null : parseState(text, lbryFormat);
  if (read?.type !== "state") return null;
  const { owner } = read.state;
  const comer = { id: "none yet", name: ownerNameOf(id, host) };
  return judgeOwner(owner, comer) === "another's"
    ? anothersWallet({ store: ports.store }, owner)
    : null;
}

/** An account that was never made leaves its wallet to whoever comes next. */
export async function releaseWallet(session: StoreSession, ownerId: string): Promise<void> {
  const text = await session.readState();
  const read = text === null ? null : parseState(text, lbryFormat);
  if (read?.type !== "state" || read.state.owner.id !== ownerId) return;
  await session.writeState(formatState({ ...read.state, owner: nobody }, lbryFormat));
}
