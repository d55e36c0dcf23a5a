/** The limits of protocol 3 (P3-2, P3-10 … P3-17). */
export const limits3 = {
  /** Bytes of a request's body. */
  bodyBytes: 100_000,
  /** Characters of an e-mail address (RFC 5321 allows no longer path). */
  emailLength: 254,
  /** Characters of a derived login password. */
  passwordMinLength: 8,
  deviceIdLength: 256,
  /** The highest sequence of a wallet: 2³² − 1. */
  sequence: 0xffff_ffff,
  /** Bytes of a message that a client may send over a WebSocket; there is nothing for it to say. */
  socketMessageBytes: 512,
} as const;
