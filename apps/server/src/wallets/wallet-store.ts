import type { Awaitable } from "../awaitable.ts";

/** What a device uploads: opaque to the host. */
export interface NewWallet {
  readonly encryptedWallet: string;
  /** 1 … 2³²−1; accepted only as the stored sequence + 1. */
  readonly sequence: number;
  readonly hmac: string;
  /** That both strings read in JSON as they are, because they came from JSON that was ASCII without a backslash. Default: unknown. */
  readonly isPlain?: boolean;
}

export interface StoredWallet {
  readonly sequence: number;
  /** The JSON answer `{"encryptedWallet","sequence","hmac"}` in UTF-8, ready to send (P3 GET, POST 200, POST 409). */
  readonly body: Buffer;
}

export type ReplaceWalletOutcome =
  | { readonly type: "replaced"; readonly wallet: StoredWallet }
  | { readonly type: "conflict"; readonly current: StoredWallet | undefined }
  /** The session ended (password change, new login of the device, expiry) while the write waited its turn. */
  | { readonly type: "session-ended" };

export interface WalletStore {
  newest(userId: number): Awaitable<StoredWallet | undefined>;
  /** Compare-and-set on the sequence, in one transaction with the check that the session is still alive. */
  replace(request: {
    readonly userId: number;
    readonly tokenHash: string;
    readonly nowMs: number;
    readonly wallet: NewWallet;
  }): Promise<ReplaceWalletOutcome>;
}
