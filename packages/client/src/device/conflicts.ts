/** Conflicts that wait for a person (P3C-48, P3C-49): what they are about, what each answer would change, and answering one. */
import {
  isSecretPath,
  lbryFormat,
  putNotes,
  type Conflict,
  type ConflictChoice,
} from "@holdfast/wallet/lbry";
import type { OpenConflict, ResolveConflictOutcome, WalletFailure } from "../outcomes.ts";
import type { Device } from "./device.ts";
import { withWallet } from "./edit-wallet.ts";
import type { DeviceSettings, HeldAccount } from "./held-device.ts";
import { isUntouched, writeLocalWallet, type LocalWallet } from "./local-wallet.ts";

export function createConflictAnswers(
  settings: DeviceSettings,
): Pick<Device, "listConflicts" | "resolveConflict"> {
  return {
    listConflicts: async () =>
      await withWallet(settings, async (account, { wallet }) => {
        const content = lbryFormat.contentOf(wallet);
        const conflicts = content.conflicts.open.map((conflict) =>
          explain(content, conflict, nowSeconds(account)),
        );
        return await Promise.resolve({ type: "conflicts" as const, conflicts });
      }),

    resolveConflict: async (id, choice) =>
      await withWallet(
        settings,
        async (account, local) => await resolve(account, local, id, choice),
      ),
  };
}

type Content = ReturnType<typeof lbryFormat.contentOf>;

function explain(content: Content, conflict: Conflict, now: number): OpenConflict {
  const { id, path, tier, reason, values } = conflict;
  const side = (choice: "first" | "second", value: Conflict["values"][number]) => {
    const answered = lbryFormat.resolveConflict(content, id, choice, now);
    const changes =
      answered.type === "resolved"
        ? lbryFormat.diff(content.document, answered.content.document)
        : null;
    const effect = changes === null ? null : lbryFormat.describe(changes);
    return { choice, value, isShown: effect?.length === 0, effect };
  };
  return {
    id,
    path,
    tier,
    reason,
    description: lbryFormat.describeConflict(content, conflict),
    isSecret: isSecretPath(path),
    sides: [side("first", values[0]), side("second", values[1])],
  };
}

async function resolve(
  account: HeldAccount,
  local: LocalWallet,
  id: string,
  choice: ConflictChoice,
): Promise<ResolveConflictOutcome | WalletFailure> {
  const content = lbryFormat.contentOf(local.wallet);
  const answered = lbryFormat.resolveConflict(content, id, choice, nowSeconds(account));
  if (answered.type !== "resolved") return answered;
  const wallet = putNotes(answered.content);
  const written = await writeLocalWallet(account, local, wallet);
  if (written.type !== "written") return written;
  return {
    type: "resolved",
    openConflicts: lbryFormat.conflictCount(answered.content),
    hasLocalChanges: !isUntouched(wallet, account.profile.synced),
  };
}

function nowSeconds({ ports }: HeldAccount): number {
  return ports.clock.nowMs() / 1000;
}
