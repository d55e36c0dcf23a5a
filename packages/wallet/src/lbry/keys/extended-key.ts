/**
 * BIP-32 keys in LBRY's networks (LBRY-45, LBRY-46). Secrets sit in a private field, so that printing or
 * serialising a key shows none. A key read from text has forgotten its parent's fingerprint, as in
 * the SDK, which is why its text form can differ from what was read.
 */
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { createBase58check } from "@scure/base";
import { HDKey } from "@scure/bip32";
import { WalletError } from "../wallet-error.ts";
import type { Network } from "./network.ts";

const base58check = createBase58check(sha256);
const extendedKeyBytes = 78;
const longestExtendedKeyText = 112;

export class ExtendedKey {
  readonly network: Network;
  readonly #node: HDKey;

  constructor(network: Network, node: HDKey) {
    this.network = network;
    this.#node = node;
  }

  get hasPrivateKey(): boolean {
    return this.#node.privateKey !== null;
  }

  /** The compressed public key, 33 bytes. */
  get publicKey(): Uint8Array {
    return present(this.#node.publicKey);
  }

  /** The private key, 32 bytes; throws `key-derivation` if this is only a public key. */
  get privateKey(): Uint8Array {
    return present(this.#node.privateKey);
  }

  /** `xpub…` or `tpub…`. */
  get publicText(): string {
    return this.#node.publicExtendedKey;
  }

  /** `xprv…` or `tprv…`; throws `key-derivation` if this is only a public key. */
  get privateText(): string {
    present(this.#node.privateKey);
    return this.#node.privateExtendedKey;
  }

  /** First 4 bytes of the key's identifier, in hex. */
  get fingerprint(): string {
    return this.#node.fingerprint.toString(16).padStart(8, "0");
  }

  /** The pay-to-public-key-hash address of this key. */
  get address(): string {
    return base58check.encode(
      concatBytes(Uint8Array.of(this.network.addressPrefix), ripemd160(sha256(this.publicKey))),
    );
  }

  /** The bytes of Wallet Import Format before Base58Check, 34 bytes; throws `key-derivation`. */
  get wifBytes(): Uint8Array {
    return concatBytes(Uint8Array.of(this.network.wifPrefix), this.privateKey, Uint8Array.of(1));
  }

  /** The same key without its secret. */
  toPublic(): ExtendedKey {
    const { depth, index, parentFingerprint, versions } = this.#node;
    const chainCode = present(this.#node.chainCode);
    return new ExtendedKey(
      this.network,
      new HDKey({
        depth,
        index,
        parentFingerprint,
        versions,
        chainCode,
        publicKey: this.publicKey,
      }),
    );
  }

  /** The key below this one; indexes from 2^31 are hardened and need the private key (`key-derivation`). */
  derive(...path: readonly number[]): ExtendedKey {
    try {
      return new ExtendedKey(
        this.network,
        path.reduce((node, index) => node.deriveChild(index), this.#node),
      );
    } catch (cause) {
      throw new WalletError("key-derivation", "This key has no such child key.", { cause });
    }
  }
}

function present(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) {
    throw new WalletError(
      "key-derivation",
      "This account is watch-only: its private key is not in this wallet.",
    );
  }
  return bytes;
}

/** The master key of seed bytes (16 to 64 bytes); throws `malformed-seed`. */
export function masterKeyOfSeed(seedBytes: Uint8Array, network: Network): ExtendedKey {
  try {
    return new ExtendedKey(network, HDKey.fromMasterSeed(seedBytes, network.extendedKeyVersions));
  } catch (cause) {
    throw new WalletError("malformed-seed", "No keys can be made of these seed bytes.", { cause });
  }
}

/** A public or private key from its text form; throws `malformed-key`, never with the text in it. */
export function parseExtendedKey(text: string, network: Network): ExtendedKey {
  const bytes = decodeExtendedKey(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(0);
  const { extendedKeyVersions: versions } = network;
  const isPrivate = version === versions.private;
  if (!isPrivate && version !== versions.public) {
    throw malformed("it belongs to another network, or is no extended key at all");
  }
  if (isPrivate && bytes[45] !== 0) throw malformed("its prefix byte is wrong");
  try {
    return new ExtendedKey(
      network,
      new HDKey({
        versions,
        depth: view.getUint8(4),
        index: view.getUint32(9),
        chainCode: bytes.slice(13, 45),
        ...(isPrivate ? { privateKey: bytes.slice(46) } : { publicKey: bytes.slice(45) }),
      }),
    );
  } catch {
    throw malformed("its bytes are not those of a key");
  }
}

/** Chain code and key of a text form in hex (64 and 66 digits), checked no further than its checksum; throws `malformed-key`. */
export function extendedKeyMaterial(text: string): string {
  return bytesToHex(decodeExtendedKey(text).subarray(13));
}

function decodeExtendedKey(text: string): Uint8Array {
  // Base58 takes time quadratic in the length.
  if (text.length > longestExtendedKeyText) throw malformed("it is too long");
  let bytes;
  try {
    bytes = base58check.decode(text);
  } catch {
    throw malformed("its checksum is wrong or it has characters no key has");
  }
  if (bytes.length !== extendedKeyBytes) throw malformed("its length is wrong");
  return bytes;
}

/** The cause is left out on purpose: libraries quote what they could not read. */
function malformed(why: string): WalletError {
  return new WalletError("malformed-key", `An account's stored key cannot be read: ${why}.`);
}
