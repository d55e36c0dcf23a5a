/** Conflicts that wait for a person (P3C-48, P3C-49): what they are about, what each answer would change, and answering one. */
import {
  isSecretPath,
  lbryFormat,
  type Conflict,
  type ConflictChoice,
} from "@holdfast/wallet/lbry";
import type { OpenConflict, ResolveConflictOutcome } from "../outcomes.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import type { Device } from "./device.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { withWallet, type OpenWallet } from "./open-wallet.ts";

export function createConflictAnswers(
  settings: DeviceSettings,
): Pick<Device, "listConflicts" | "resolveConflict"> {
  const nowSeconds = (): number => settings.ports.clock.nowMs() / 1000;
  return {
    listConflicts: async () =>
      await withWallet(settings, undefined, async ({ record }) => {
        const { local } = record;
        const now = nowSeconds();
        const conflicts = local.conflicts.open.map((conflict) => explain(local, conflict, now));
        return await Promise.resolve({ type: "conflicts" as const, conflicts });
      }),

    resolveConflict: async (id, choice) =>
      await withWallet(
        settings,
        undefined,
        async (wallet) => await resolve(wallet, id, choice, nowSeconds()),
      ),
  };
}

function explain(content: LbryContent, conflict: Conflict, now: number): OpenConflict {
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
  wallet: OpenWallet,
  id: string,
  choice: ConflictChoice,
  now: number,
): Promise<ResolveConflictOutcome> {
  const answered = lbryFormat.resolveConflict(wallet.record.local, id, choice, now);
  if (answered.type !== "resolved") return answered;
  await wallet.edit(answered.content);
  return {
    type: "resolved",
    openConflicts: wallet.openConflicts,
    hasLocalChanges: wallet.hasLocalChanges,
  };
}
