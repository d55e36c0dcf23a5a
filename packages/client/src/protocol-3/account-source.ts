/**
 * Accounts of protocol 3 for a wallet client: address and password open one. The keys live in memory only; what a
 * device remembers lets it unlock without the host, and recognise a sign-up whose answer was lost.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { OpenSocket } from "../device/device-ports.ts";
import { protocol3Rules } from "../engine/index.ts";
import type { AccountSource, OpenAccountOutcome } from "../ports/account-source.ts";
import type { ProtocolMemory } from "../ports/protocol-memory.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { Scrypt } from "../ports/scrypt.ts";
import { wasUsedWithProtocol4 } from "../protocol-memory/protocol-memory.ts";
import { formatMemory, newMemory, parseMemory } from "./account-memory.ts";
import { createHostApi } from "./host-api.ts";
import { openAccount, ownerOf } from "./open-account.ts";
import type { LbryContent } from "./revision-text.ts";
import { formatServerUrl, parseServerUrl } from "./server-url.ts";
import { remember, unlockKeys, type Credentials3, type Unlocking } from "./unlock-keys.ts";

export type Protocol3SourceParts = {
  /** The host's address, like `https://wallet.example.com`. */
  readonly server: string;
  /** plain http to other machines than this one; it sends the login password readably */
  readonly allowPlainHttp?: boolean;
  /** where it is remembered that an account is used with protocol 4 (P4K-5) */
  readonly protocolMemory: ProtocolMemory;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly scrypt: Scrypt;
  readonly randomBytes: RandomBytes;
  /** how long a host may take to answer, 30 s unless told */
  readonly timeoutMs?: number;
};

const defaultTimeoutMs = 30_000;

export function createProtocol3Source(
  parts: Protocol3SourceParts,
): AccountSource<LbryContent, Credentials3> {
  return {
    rules: protocol3Rules,
    async unlock(credentials, context): Promise<OpenAccountOutcome<LbryContent>> {
      const parsed = parseServerUrl(parts.server, parts.allowPlainHttp);
      if (parsed.type !== "server") return { type: "host-refused", detail: parsed.detail };
      const server = formatServerUrl(parsed.url);
      const { text } = context.memory;
      const { randomBytes, scrypt } = parts;
      const read =
        text === null
          ? ({ type: "memory", memory: newMemory(server, bytesToHex(randomBytes(16))) } as const)
          : parseMemory(text);
      if (read.type === "damaged") return { type: "memory-failed", detail: read.detail };
      const { memory } = read;
      const known = memory.account;
      if (
        known !== null &&
        ownerOf(known.email, memory.server) !== ownerOf(credentials.email, server)
      )
        return { type: "another-account", owner: ownerOf(known.email, memory.server) };
      const { fetch, timeoutMs = defaultTimeoutMs, protocolMemory } = parts;
      const { email } = credentials;
      // A memory that cannot be read does not open the way back.
      const isProtocol4 = async (): Promise<boolean> =>
        await wasUsedWithProtocol4(protocolMemory, parsed.url, email).catch(() => true);
      if (await isProtocol4()) return { type: "protocol-4-account" };
      const host = createHostApi({ url: parsed.url, fetch, timeoutMs, isProtocol4 });
      const unlocking: Unlocking = {
        scrypt,
        randomBytes,
        host,
        context,
        credentials,
        memory: { ...memory, server },
      };
      const keys = await unlockKeys(unlocking);
      if ("type" in keys) return keys;
      const saved = await context.memory.save(formatMemory(remember(unlocking, keys)));
      if (saved.type !== "saved") return { type: "memory-failed", detail: saved.detail };
      return { type: "unlocked", account: openAccount(unlocking, keys, parts.openSocket) };
    },
  };
}
