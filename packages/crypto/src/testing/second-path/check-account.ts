/** Protocol 4's objects read with Node's primitives alone, as another implementation would read them from the specification. */
import { createHash, createPublicKey, hkdfSync, verify } from "node:crypto";
import { inflateSync } from "node:zlib";
import { domain, openXChaCha } from "./sealed-box.ts";

type Fields = Readonly<Record<string, unknown>>;

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/** A key of protocol 4 for one purpose. */
export function derive(input: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", input, "", `holdfast/4/${purpose}`, 32));
}

/** Whether Node finds this signature right. */
export function isSigned(type: string, body: string, signature: string, key: string): boolean {
  const jwk = { kty: "OKP", crv: "Ed25519", x: key };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  return verify(null, domain(type, body), publicKey, Buffer.from(signature, "base64url"));
}

/** The accountKey of a slot's text. */
export function openSlotText(text: string, input: Uint8Array, account: AccountNames): Buffer {
  const { sealed, ...bound } = JSON.parse(text) as Fields;
  const key = derive(input, `slot/${String(bound["kind"])}`);
  return openXChaCha(key, bytes(sealed), aad("slot", { ...bound, ...binding(bound, account) }));
}

/** The canonical text of a sealed keyring. */
export function openKeyringText(text: string, key: Uint8Array, account: AccountNames): string {
  const { sealed, ...bound } = JSON.parse(text) as Fields;
  const context = aad("keyring", { ...bound, ...binding(bound, account) });
  return unpadded(openXChaCha(key, bytes(sealed), context)).toString("utf8");
}

/** The canonical text of a revision's content. */
export function openRevisionText(
  body: string,
  encryptedWallet: Uint8Array,
  secret: Uint8Array,
): string {
  const { encryptedWalletHash: _, ...context } = JSON.parse(body) as Fields;
  const opened = openXChaCha(
    derive(secret, "wallet-key"),
    encryptedWallet,
    aad("revision", context),
  );
  return inflateSync(unpadded(opened)).toString("utf8");
}

export interface AccountNames {
  readonly identity: string;
  readonly nonce: string;
}

function binding({ epoch }: Fields, { identity, nonce }: AccountNames): Fields {
  return epoch === 1 ? { nonce } : { identity };
}

/** Fields here are flat, so sorting the keys is all that the canonical form asks for. */
function aad(type: string, context: Fields): Buffer {
  const sorted = Object.fromEntries(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)));
  return domain(type, JSON.stringify(sorted));
}

/** Four bytes of length, the content, zeros up to a Padmé length. */
function unpadded(padded: Buffer): Buffer {
  const end = 4 + padded.readUInt32BE(0);
  const exponent = Math.floor(Math.log2(end));
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  if (padded.length !== Math.ceil(end / step) * step) throw new Error("not a Padmé length");
  if (padded.subarray(end).some((byte) => byte !== 0)) throw new Error("not filled with zeros");
  return padded.subarray(4, end);
}

function bytes(text: unknown): Buffer {
  return Buffer.from(String(text), "base64url");
}
