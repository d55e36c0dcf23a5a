import type { LookOutcome } from "@holdfast/client";
import type { Description } from "./describe-sync.ts";

type Looked = Extract<LookOutcome, { readonly type: "looked" | "no-host-problem" }>;

/** How the wallet of a host that misbehaved differs from the one on this device, and what can be done. */
export function describeLook(outcome: Looked): Description {
  if (outcome.type === "no-host-problem") {
    return {
      lines: ["The host did nothing that stopped this device. Nothing was changed."],
      json: { shows: null, differences: [] },
    };
  }
  const { shows, differences } = outcome;
  return { lines: [...linesOf(outcome), ...choices], json: { shows, differences } };
}

function linesOf({ shows, differences }: Extract<Looked, { readonly type: "looked" }>): string[] {
  if (shows === "none") return ["The host says that there is no wallet."];
  if (shows === "unreadable") return ["The host shows a wallet that your password does not open."];
  if (differences.length === 0) return ["The host's wallet says the same as yours."];
  return [
    "Taking the host's wallet in place of yours would mean:",
    ...differences.map((difference) => `  ${difference}`),
  ];
}

const choices = [
  "Nothing was changed. `holdfast sync --heal` brings both together and deletes nothing; `holdfast sync --keep-mine` puts yours on top; `holdfast wallet export` makes a copy first.",
];
