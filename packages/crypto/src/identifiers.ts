/** Branded texts. Each comes out of one parser or maker, so that a hash is never taken for a key. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** SHA-256 as base64url, 43 characters. */
export type Hash = Branded<"hash">;
/** An Ed25519 public key as base64url, 43 characters, known to be on the curve and free of torsion. */
export type PublicKey = Branded<"public-key">;
/** `default`, or 32 bytes as base64url. */
export type WalletId = Branded<"wallet-id">;
/** 16 random bytes as base64url. */
export type SlotId = Branded<"slot-id">;
/** `https://name[:port]` in lower case, as browsers write an origin; plain `http` too, for development. */
export type HostOrigin = Branded<"host-origin">;
