/** Whether a host of protocol 4 answers at an address (protocol 4, `GET /`). */
import type { HostFailure4 } from "../outcomes.ts";
import type { AccountPorts } from "../record/account-ports.ts";
import { apiFor } from "../record/held-account.ts";

/** Asks without saying who asks. */
export async function findHost(
  ports: Pick<AccountPorts, "fetch" | "timeoutMs">,
  host: URL,
  signal?: AbortSignal,
): Promise<{ readonly type: "found" } | HostFailure4> {
  const answered = await apiFor(ports, host).call("getHost", { signal });
  return answered.type === "answer" ? { type: "found" } : answered;
}
