/** Caps on everything that comes from outside, in bytes of text or counts. */
export const limits = {
  stateBytes: 64 * 1024,
  slotBytes: 4 * 1024,
  keyringBytes: 512 * 1024,
  certificateBytes: 1024,
  headerBytes: 2 * 1024,
  requestBytes: 4 * 1024,
  invitationBytes: 2 * 1024,
  pairingBytes: 16 * 1024 * 1024,
  /** What a revision may unfold to; hosts cap the sealed size long before. */
  inflatedBytes: 16 * 1024 * 1024,
  slots: 32,
  wallets: 256,
  generations: 4096,
  /** Changes of credentials in an account's life; a state beyond is refused where it is made. */
  states: 4096,
  headers: 100_000,
  heads: 256,
  canonicalDepth: 16,
  passwordBytes: 4096,
} as const;
