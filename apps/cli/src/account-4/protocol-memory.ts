/** No way back (P4K-5, CLI-22): which accounts this user's devices have used with protocol 4, kept beside the profiles. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import {
  formatProtocolMemory,
  mayUseProtocol3,
  parseProtocolMemory,
  type ProtocolMemory,
  rememberProtocol4,
} from "@holdfast/client/protocol-4";
import { readWalletFile, writeWalletFile } from "@holdfast/client/node";
import { CliError } from "../cli-error.ts";
import { protocolMemoryFile } from "../global-options.ts";

/** Refuses protocol 3 for an account that was used with protocol 4 here. */
export async function refuseProtocol3(server: string, id: string): Promise<void> {
  const host = URL.parse(server);
  if (host === null || mayUseProtocol3(await load(), host, id)) return;
  throw new CliError(
    "protocol-4-account",
    `This account was used with protocol 4 from here, so protocol 3 is never used for it again, whatever the host says. \`holdfast login --protocol 4\` goes on, with the password it has there.`,
  );
}

export async function rememberUse(server: string, id: string): Promise<void> {
  const host = new URL(server);
  const memory = await load();
  if (!mayUseProtocol3(memory, host, id)) return;
  const file = protocolMemoryFile();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeWalletFile(file, formatProtocolMemory(rememberProtocol4(memory, host, id)));
}

async function load(): Promise<ProtocolMemory> {
  const file = protocolMemoryFile();
  const text = existsSync(file) ? await readWalletFile(file) : null;
  try {
    return parseProtocolMemory(text);
  } catch (cause) {
    throw new CliError(
      "unreadable-file",
      `Cannot read ${file}, which keeps accounts from falling back to protocol 3. Restore it, or remove it if you know that no host would make use of that.`,
      { cause },
    );
  }
}
