import { describeFailure } from "@holdfast/client";
import type { CommandResult } from "./command-result.ts";
import { refused } from "./command-result.ts";

/** Any outcome of the client that is not a success, in the client's own words; its `type` is the code. */
export function refuseOutcome(outcome: {
  readonly type: string;
  readonly reason?: unknown;
}): CommandResult {
  const hint = outcome.reason === "plain-http" ? " The flag for it is --allow-plain-http." : "";
  return refused(outcome.type, describeFailure(outcome) + hint);
}
