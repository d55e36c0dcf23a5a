/** No way back (P4K-5, CLI-22): said before a password is asked for; the client looks again before each request. */
import { describeFailure, wasUsedWithProtocol4 } from "@holdfast/client";
import { nodePlatform } from "@holdfast/client/node";
import { CliError } from "../cli-error.ts";

/** Refuses protocol 3 for an account that was used with protocol 4 here. */
export async function refuseProtocol3(server: string, id: string): Promise<void> {
  const host = URL.parse(server);
  if (host === null || !(await wasUsedWithProtocol4(nodePlatform.protocolMemory, host, id))) return;
  throw new CliError("protocol-4-account", describeFailure({ type: "protocol-4-account" }));
}
