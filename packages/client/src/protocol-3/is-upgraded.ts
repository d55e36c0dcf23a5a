import { refusals3, refusalText } from "@holdfast/protocol";

const upgraded = refusalText(refusals3.upgraded);

/** Whether a host refused because the account is one of protocol 4 by now (P3-29). It leads a person to a login, and nowhere by itself. */
export function isUpgraded(failure: { readonly type: string; readonly detail?: unknown }): boolean {
  return failure.type === "host-refused" && failure.detail === upgraded;
}
