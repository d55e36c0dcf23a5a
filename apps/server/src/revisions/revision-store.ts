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
  | { readonly type: "session-ended" };

/** One revision as the retention rule looks at it. */
export interface RevisionAge {
  readonly sequence: number;
  readonly storedAtMs: number;
  readonly generation: number;
  /** Of the ciphertext. */
  readonly bytes: number;
  /** Whether the one before it is kept for ever. */
  readonly keepsPrevious: boolean;
  readonly hasBody: boolean;
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
  }): Promise<AppendOutcome>;
  /** Wallets that have a body, not the newest, stored before a time; after one of them in order. */
  walletsWithOldBodies(
    storedBeforeMs: number,
    limit: number,
    after: { readonly userId: number; readonly walletId: string } | undefined,
  ): Promise<readonly { readonly userId: number; readonly walletId: string }[]>;
  ages(userId: number, walletId: string): Promise<readonly RevisionAge[]>;
  /** Forgets ciphertexts; headers stay. */
  dropBodies(userId: number, walletId: string, sequences: readonly number[]): Promise<void>;
}
