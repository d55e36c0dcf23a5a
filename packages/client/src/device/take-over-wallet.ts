import { lbryFormat } from "@holdfast/wallet/lbry";
import { formatState, parseState, type StoredState } from "../driver/state-codec.ts";
import { newDeviceRecord } from "../engine/index.ts";
import type { TakeOverOutcome, WalletFailure } from "../outcomes.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import { judgeOwner } from "../wallet-owner/wallet-owner.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { holdWallet } from "./hold-wallet.ts";
import type { WalletHolder } from "./wallet-holder.ts";

/** The wallet that another account left becomes this one's, as one that never synced: the next sync merges it. */
export async function takeOverWallet(
  settings: DeviceSettings,
): Promise<TakeOverOutcome | WalletFailure> {
  return await holdWallet(settings, undefined, async (holder): Promise<TakeOverOutcome> => {
    const text = await holder.readState();
    const read = text === null ? null : parseState(text, lbryFormat);
    if (read?.type !== "state" || judgeOwner(read.state.owner, holder.owner) !== "another's")
      return { type: "nothing-left" };
    const { name } = read.state.owner;
    await holder.writeState(formatState(takenOver(read.state, holder), lbryFormat));
    return { type: "taken-over", from: name };
  });
}

function takenOver(
  { record }: StoredState<LbryContent>,
  { owner }: WalletHolder,
): StoredState<LbryContent> {
  return { record: newDeviceRecord(lbryFormat.empty, record.local), owner, peers: new Map() };
}
