/**
 * No way back (P4K-5): once an account of a host was used with protocol 4 here, protocol 3 is never spoken for it again, whatever
 * the host says. Every account of protocol 4 puts itself down before anything of it is relied on, and every request of protocol 3
 * looks here first. The name of an account is a hash: 43 letters, digits, `-` and `_`.
 */
import { hashText } from "@holdfast/crypto";
import { normalizeAccountId } from "@holdfast/protocol/protocol-4";
import type { ProtocolMemory } from "../ports/protocol-memory.ts";

export async function rememberProtocol4(
  memory: ProtocolMemory,
  host: URL,
  id: string,
): Promise<void> {
  await memory.add(nameOf(host, id));
}

export async function wasUsedWithProtocol4(
  memory: ProtocolMemory,
  host: URL,
  id: string,
): Promise<boolean> {
  return await memory.has(nameOf(host, id));
}

function nameOf(host: URL, id: string): string {
  return hashText(`${host.origin} ${normalizeAccountId(id)}`);
}
