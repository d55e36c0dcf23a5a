/**
 * No way back (P4K-5): which accounts of which hosts this device has used with protocol 4. For those it never speaks protocol 3
 * again, whatever the host says. Kept as hashes, apart from any profile, and longer than it.
 */
import { hashText } from "@holdfast/crypto";
import { normalizeAccountId } from "@holdfast/protocol/protocol-4";
import { z } from "zod";

const schema = z.strictObject({ version: z.literal(1), used: z.array(z.string()) });

export type ProtocolMemory = ReadonlySet<string>;

export function rememberProtocol4(memory: ProtocolMemory, host: URL, id: string): ProtocolMemory {
  return new Set([...memory, nameOf(host, id)]);
}

export function mayUseProtocol3(memory: ProtocolMemory, host: URL, id: string): boolean {
  return !memory.has(nameOf(host, id));
}

export function formatProtocolMemory(memory: ProtocolMemory): string {
  return JSON.stringify({ version: 1, used: [...memory].sort() });
}

/** Throws for a text that `formatProtocolMemory` did not write: to forget would be to allow the way back. */
export function parseProtocolMemory(text: string | null): ProtocolMemory {
  if (text === null) return new Set();
  return new Set(schema.parse(JSON.parse(text)).used);
}

function nameOf(host: URL, id: string): string {
  return hashText(`${host.origin} ${normalizeAccountId(id)}`);
}
