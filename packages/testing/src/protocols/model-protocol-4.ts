/**
 * Protocol 4: a ring of keys that the password only opens, and a chain of headers that proves the whole line. What a
 * device checks here is what `@holdfast/crypto` checks of real headers, in as few lines as it takes.
 */
import type { RevisionRef } from "@holdfast/client/engine";
import { deriveBoxKeys, hashHeader, hashWallet, headerOf } from "../crypto/model-keys.ts";
import { openText, openWallet, sealText, sealWallet } from "../crypto/model-keys.ts";
import type { ModelKeys } from "../crypto/model-keys.ts";
import { walletOf } from "../host/model-transport.ts";
import type { WalletHeader } from "../host/wire.ts";
import { newestOf } from "./model-protocol.ts";
import type { Generation, ModelProtocol, SessionKeys } from "./model-protocol.ts";

export const modelProtocol4: ModelProtocol = {
  number: 4,
  unlock: ({ login, sealKey, hmacKey }, slot) => {
    const text = slot === null ? null : openText({ sealKey, hmacKey }, slot);
    return text === null ? null : sessionKeys(login, parseRing(text));
  },
  seal: (keys, { sequence, parent, upgradedFrom }, text, nonce) => {
    const generation = newestOf(keys);
    const place = { sequence, parent: parent.hash, epoch: generation.epoch };
    return sealWallet(generation, place, `${JSON.stringify(upgradedFrom)}\n${text}`, nonce);
  },
  open: ({ ring }, { revision, proof }) => {
    const wallet = walletOf(revision);
    const epoch = wallet.epoch ?? 0;
    const generation = ring.find((one) => one.epoch === epoch);
    const inside = generation === undefined ? null : openWallet(generation, wallet);
    if (inside === null) return { type: "rejected", problem: "not-authentic" };
    const headers = (proof ?? []) as readonly WalletHeader[];
    const chain = [...headers, headerOf(wallet)];
    if (!areLinked(chain)) return { type: "rejected", problem: "broken-chain" };
    if (!endsWhereClosed(chain, ring, hashWallet(wallet)))
      return { type: "rejected", problem: "old-epoch" };
    const line = headers.map((header) => ({
      sequence: header.sequence,
      hash: hashHeader(header),
    }));
    const end = inside.indexOf("\n");
    const upgradedFrom = JSON.parse(inside.slice(0, end)) as RevisionRef | null;
    return { type: "text", text: inside.slice(end + 1), line, epoch, upgradedFrom };
  },
};

/** Keys of the first state of a new account, or of one more state after a rotation. */
export function addGeneration(
  ring: readonly Generation[],
  secret: string,
  startsAfter: string,
): readonly Generation[] {
  const epoch = (ring.at(-1)?.epoch ?? 0) + 1;
  return [...ring, { epoch, secret, startsAfter, ...deriveBoxKeys(secret, "wallet") }];
}

/** The ring, sealed for a password. */
export function sealRing(ring: readonly Generation[], keys: ModelKeys, nonce: string): string {
  return sealText(keys, formatRing(ring), nonce);
}

export function sessionKeys(login: string, ring: readonly Generation[]): SessionKeys {
  return { keyId: `epoch-${String(ring.at(-1)?.epoch)}`, login, ring };
}

/** The ring as text, to be sealed. */
export function formatRing(ring: readonly Generation[]): string {
  return JSON.stringify(ring.map(({ secret, startsAfter }) => [secret, startsAfter]));
}

export function parseRing(text: string): readonly Generation[] {
  let ring: readonly Generation[] = [];
  for (const [secret = "", startsAfter = ""] of JSON.parse(text) as string[][])
    ring = addGeneration(ring, secret, startsAfter);
  return ring;
}

function areLinked(chain: readonly WalletHeader[]): boolean {
  return chain.every((header, at) => {
    const before = chain[at - 1];
    if (before === undefined) return header.sequence > 1 || header.parent === "";
    return header.sequence === before.sequence + 1 && header.parent === hashHeader(before);
  });
}

/** Whether each generation in the chain ends at the very revision at which the states close it (P4C-57). */
function endsWhereClosed(
  chain: readonly WalletHeader[],
  ring: readonly Generation[],
  head: string,
): boolean {
  const newest = chain.at(-1);
  const isClosedRight = ring
    .filter(({ epoch }) => epoch > (newest?.epoch ?? 0))
    .every(({ startsAfter }) => startsAfter === head);
  return (
    isClosedRight &&
    chain.every((header, at) => {
      const before = chain[at - 1];
      if (before === undefined) return true;
      if (header.epoch < before.epoch) return false;
      return ring
        .filter(({ epoch }) => epoch > before.epoch && epoch <= header.epoch)
        .every(({ startsAfter }) => startsAfter === header.parent);
    })
  );
}
