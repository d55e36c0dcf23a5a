import type { Device, OpenConflict } from "@holdfast/client";
import type { CommandResult } from "./command-result.ts";
import { refused } from "./command-result.ts";
import { refuseOutcome } from "./refuse-outcome.ts";

/** The open conflict whose id is `id` or begins with it. */
export async function findConflict(
  device: Device,
  id: string,
): Promise<
  | { readonly type: "found"; readonly conflict: OpenConflict }
  | { readonly type: "refused"; readonly result: CommandResult }
> {
  const outcome = await device.listConflicts();
  if (outcome.type !== "conflicts") return { type: "refused", result: refuseOutcome(outcome) };
  const [conflict, ...others] = outcome.conflicts.filter((one) => one.id.startsWith(id));
  if (conflict === undefined) {
    return { type: "refused", result: refuseOutcome({ type: "unknown-conflict" }) };
  }
  if (others.length > 0) {
    const message = `${others.length + 1} conflicts have an id that begins with “${id}”. Give more of it; --json shows all of it.`;
    return { type: "refused", result: refused("ambiguous-id", message) };
  }
  return { type: "found", conflict };
}
