/** Names one revision. `hash` is computed by whoever received the revision, never taken from the host. */
export type RevisionRef = {
  /** from 1, no gaps; 0 with an empty hash: no revision yet */
  readonly sequence: number;
  readonly hash: string;
};

/** One sealed revision as it travels. The engine compares and keeps it and never looks into the payload. */
export type SealedRevision = RevisionRef & {
  /** protocol 3: `encryptedWallet`, `hmac`; protocol 4: header, signature, certificate, `encryptedWallet` */
  readonly payload: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
};

/** The place before the first revision. */
export const noRevision: RevisionRef = { sequence: 0, hash: "" };

/** Whether both name the same revision. */
export function isSameRevision(one: RevisionRef, other: RevisionRef): boolean {
  return one.sequence === other.sequence && one.hash === other.hash;
}
