/**
 * Revision headers (P4C-51): what a host sees of one version of a wallet. Headers of a wallet form a chain; `sequence` is
 * the position in it, from 1.
 */
import { parseCanonical } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { optional, type Read, record } from "../canonical/reader.ts";
import { malformed } from "../crypto-error.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash } from "../identifiers.ts";
import { limits } from "../limits.ts";
import type { Signed } from "../signature/signed.ts";

const shape = {
  v: field.version,
  identity: field.hash,
  walletId: field.walletId,
  sequence: field.ordinal,
  parent: optional(field.hash),
  generation: field.ordinal,
  epoch: field.ordinal,
  deviceId: field.deviceId,
  savedAt: field.timeMs,
  encryptedWalletHash: field.hash,
};
const readHeader = record("revision header", shape);

/** `parent` is the hash of the header before; the first has none. `epoch` is that of the newest state its writer knew. */
export type Header = Read<typeof shape>;

/** The point of a wallet's chain that a device or a host remembers. */
export interface Head {
  readonly sequence: number;
  readonly hash: Hash;
  readonly generation: number;
  readonly epoch: number;
}

declare const verified: unique symbol;
/** A header that was verified in its place in the chain, or by its writer's signature. */
export type VerifiedHeader = Header & {
  readonly hash: Hash;
  readonly signed: Signed;
  readonly [verified]: true;
};

/** A header from its canonical text; throws `malformed`. */
export function parseHeader(body: string): Header {
  const header = readHeader(parseCanonical(body, limits.headerBytes));
  if ((header.parent === undefined) !== (header.sequence === 1)) throw malformed("revision header");
  return header;
}

/** A header of one's own storage, which only verified headers enter; throws `malformed`. */
export function trustStoredHeader(signed: Signed): VerifiedHeader {
  return asVerifiedHeader(parseHeader(signed.body), signed);
}

export function asVerifiedHeader(header: Header, signed: Signed): VerifiedHeader {
  return { ...header, hash: hashText(signed.body), signed } as VerifiedHeader;
}

export function headOf({ sequence, hash, generation, epoch }: VerifiedHeader): Head {
  return { sequence, hash, generation, epoch };
}
