import { describeFailure } from "@holdfast/client";
import type { Refused } from "./command-result.ts";
import { passcode } from "./terminal/passwords.ts";
import { refused } from "./command-result.ts";

/** Any outcome of the client that is not a success, in the client's own words; its `type` is the code. */
export function refuseOutcome(outcome: {
  readonly type: string;
  readonly reason?: unknown;
}): Refused {
  return refused(outcome.type, describeFailure(outcome) + hintFor(outcome));
}

function hintFor({ type, reason }: { readonly type: string; readonly reason?: unknown }): string {
  if (reason === "plain-http") return " The flag for it is --allow-plain-http.";
  return type === "passcode-needed"
    ? ` There is no terminal to ask on: set ${passcode.variable} or give ${passcode.flag} FILE.`
    : "";
}
