import type { JsonFields } from "./terminal/json-output.ts";

/**
 * What a command answers. `done` prints lines for people, `exact` prints a text to the byte (a wallet, a blob);
 * with `--json` both print their fields instead. `refused` is a no with a reason: exit code 1.
 */
export type CommandResult =
  Done | { readonly type: "exact"; readonly text: string; readonly json: JsonFields } | Refused;

export interface Done {
  readonly type: "done";
  readonly lines: readonly string[];
  readonly json: JsonFields;
}

export interface Refused {
  readonly type: "refused";
  readonly code: string;
  readonly message: string;
}

export function done(lines: string | readonly string[], json: JsonFields): Done {
  return { type: "done", lines: typeof lines === "string" ? [lines] : lines, json };
}

export function exact(text: string, json: JsonFields): CommandResult {
  return { type: "exact", text, json };
}

export function refused(code: string, message: string): Refused {
  return { type: "refused", code, message };
}
