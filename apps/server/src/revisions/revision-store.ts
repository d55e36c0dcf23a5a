/** What the host keeps of wallets' revisions: all headers, and bodies by the retention rule. */

/** A revision's signed header, with what the host looks for in it. */
export interface StoredHeader {
  readonly sequence: number;
  readonly hash: string;
  /** Canonical text, and its signature. */
  readonly body: string;
  readonly signature: string;
  readonly generation: number;
  readonly epoch: number;
  readonly deviceId: string;
}

export interface StoredRevision {
  readonly header: StoredHeader;
  /** nonce ‖ ciphertext ‖ tag. */
  readonly encryptedWallet: Uint8Array;
}

/** Where a wallet's chain stands. */
export interface StoredHead {
  readonly walletId: string;
  readonly sequence: number;
  readonly hash: string;
  readonly generation: number;
  readonly epoch: number;
  readonly storedAtMs: number;
}

/** Checked revisions of one wallet: one, or when healing several with the newest's ciphertext. */
export interface AppendedRevisions {
  readonly walletId: string;
  /** The head that they were checked against; undefined for a wallet without revisions. */
  readonly head: string | undefined;
  readonly headers: readonly StoredHeader[];
  readonly encryptedWallet: Uint8Array;
  /** Writer keys to remember. */
  readonly writerKeys: readonly { readonly generation: number; readonly key: string }[];
  readonly keepsPrevious: boolean;
}

export type AppendOutcome =
  | { readonly type: "stored" }
  /** Head or state moved since the check: check again. */
  | { readonly type: "stale" }
  | { readonly type: "session-ended" }
  | StorageFull;

/** Nothing was stored: with this the account would have more than it may. */
export interface StorageFull {
  readonly type: "storage-full";
  readonly maxBytes: number;
}

/** What a revision counts beside its ciphertext: its header, signature and hash with their place in the indexes. */
export const REVISION_BYTES = 1024;

/** About what revisions add to the account's storage. */
export function storageOf(revisions: readonly AppendedRevisions[]): number {
  return revisions.reduce(
    (sum, { headers, encryptedWallet }) =>
      sum + encryptedWallet.byteLength + REVISION_BYTES * headers.length,
    0,
  );
}

/** One ciphertext in the walk of the retention rule. */
export interface BodyPlace {
  readonly userId: number;
  readonly walletId: string;
  readonly sequence: number;
}

/** A ciphertext as the retention rule looks at it. */
export interface KeptBody extends BodyPlace {
  readonly storedAtMs: number;
  readonly generation: number;
  readonly bytes: number;
  /** The revision after it; undefined: it is the wallet's newest. */
  readonly next:
    | {
        readonly generation: number;
        /** Of its ciphertext; 0 where it came without one. */
        readonly bytes: number;
        /** Whether its writer asked to keep the one before it. */
        readonly keepsPrevious: boolean;
      }
    | undefined;
}

export interface RevisionStore {
  head(userId: number, walletId: string): Promise<StoredHead | undefined>;
  /** Of all wallets that have revisions. */
  heads(userId: number): Promise<readonly StoredHead[]>;
  newest(userId: number, walletId: string): Promise<StoredRevision | undefined>;
  /** Header and, if it is still kept, ciphertext. */
  find(
    userId: number,
    walletId: string,
    sequence: number,
  ): Promise<
    { readonly header: StoredHeader; readonly encryptedWallet: Uint8Array | undefined } | undefined
  >;
  /** Headers after a sequence, oldest first. */
  headers(
    userId: number,
    walletId: string,
    afterSequence: number,
    limit: number,
  ): Promise<
    readonly {
      readonly header: StoredHeader;
      readonly storedAtMs: number;
      readonly hasBody: boolean;
    }[]
  >;
  writerKeys(userId: number, walletId: string): Promise<ReadonlyMap<number, string>>;
  append(request: {
    readonly userId: number;
    readonly tokenHash: string;
    readonly nowMs: number;
    /** The newest epoch that the revisions were checked against. */
    readonly epoch: number;
    readonly revisions: AppendedRevisions;
    /** What the account may have in all; undefined: as much as it likes. */
    readonly maxBytes?: number | undefined;
  }): Promise<AppendOutcome>;
  /** Bytes of the account's ciphertexts, and `REVISION_BYTES` for each of its revisions. */
  storedBytes(userId: number): Promise<number>;
  /** Ciphertexts after a place: account by account, wallet by wallet, of each wallet the newest first; all in falling order. */
  bodiesAfter(after: BodyPlace | undefined, limit: number): Promise<readonly KeptBody[]>;
  /** Forgets ciphertexts; headers stay. */
  dropBodies(places: readonly BodyPlace[]): Promise<void>;
}
