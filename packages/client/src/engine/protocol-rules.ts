/** In what the protocols differ, as far as the engine is concerned. */
export type ProtocolRules = {
  readonly protocol: 3 | 4;
  /** true: an opened revision proves every step from the device's own; silence is a broken chain. false: silence is allowed */
  readonly isLineComplete: boolean;
  /** true: a password change carries the wallet as its next revision, and so waits until everything is pushed */
  readonly doesPasswordChangeCarryWallet: boolean;
};

/** HMAC and salt seed: no history on the host, the line of a revision is at best inside its content. */
export const protocol3Rules: ProtocolRules = {
  protocol: 3,
  isLineComplete: false,
  doesPasswordChangeCarryWallet: true,
};

/** Chain and epoch: every header is on the host, credentials are apart from wallets. */
export const protocol4Rules: ProtocolRules = {
  protocol: 4,
  isLineComplete: true,
  doesPasswordChangeCarryWallet: false,
};
