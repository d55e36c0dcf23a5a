/**
 * Wallets of protocol 4 (P4-50 …): reading, the next revision, history, healing.
 *
 * Invariants: nothing is stored that was not checked against the very head and state under which it is stored; of several
 * writers on one head exactly one wins; whoever listens hears of a revision only after it is stored for good.
 */
import type { AccountView, AccountViews } from "../credentials/account-views.ts";
import type { Notices4 } from "../credentials/notices-4.ts";
import type { DeviceSession } from "../devices/device-session-store.ts";
import type { TokenBuckets } from "../limits/token-buckets.ts";
import { checkPushed, type CheckPushedOutcome, type PushedRevisions } from "./check-pushed.ts";
import type {
  RevisionStore,
  StorageFull,
  StoredHead,
  StoredHeader,
  StoredRevision,
} from "./revision-store.ts";

type Refusal = Exclude<
  CheckPushedOutcome,
  { readonly type: "accepted" | "repeated" | "conflict" | "missing-link" }
>;

export type PushOutcome =
  /** Now or before: it is the wallet's head. */
  | { readonly type: "stored"; readonly sequence: number; readonly hash: string }
  | { readonly type: "conflict"; readonly current: StoredRevision | undefined }
  | { readonly type: "unknown-wallet" }
  | { readonly type: "session-ended" }
  /** The account pushes too often. */
  | { readonly type: "rate-limited"; readonly retryAfterMs: number }
  | StorageFull
  | Refusal;

export type FindRevisionOutcome =
  | { readonly type: "found"; readonly revision: StoredRevision }
  | { readonly type: "unknown-wallet" }
  | { readonly type: "no-revision" }
  /** The header alone is kept. */
  | { readonly type: "body-gone" };

export interface WalletOverview {
  readonly walletId: string;
  readonly generation: number;
  readonly head: StoredHead | undefined;
}

export interface Revisions {
  newest(userId: number, walletId: string): Promise<FindRevisionOutcome>;
  /** The newest hash alone; undefined where there is none. */
  newestHash(userId: number, walletId: string): Promise<string | undefined>;
  find(userId: number, walletId: string, sequence: number): Promise<FindRevisionOutcome>;
  headers(
    userId: number,
    walletId: string,
    afterSequence: number,
    limit: number,
  ): Promise<
    | {
        readonly type: "headers";
        readonly headers: readonly {
          readonly header: StoredHeader;
          readonly storedAtMs: number;
          readonly hasBody: boolean;
        }[];
        readonly headSequence: number | undefined;
      }
    | { readonly type: "unknown-wallet" }
  >;
  /** `decode` gets the generation that is open. */
  push(
    session: DeviceSession,
    walletId: string,
    decode: (openGeneration: number) => PushedRevisions,
  ): Promise<PushOutcome>;
  /** Every wallet that the account's newest state names. */
  overview(view: AccountView): Promise<readonly WalletOverview[]>;
}

/** How often a push is checked again because something moved under it; then it is a conflict. */
const MAX_CHECKS = 4;

export function createRevisions(dependencies: {
  readonly store: RevisionStore;
  readonly views: AccountViews;
  readonly notices: Notices4;
  readonly maxWalletBytes: number;
  /** Of all of an account's revisions. */
  readonly maxAccountBytes: number;
  /** How often an account stores revisions. */
  readonly pushLimit: TokenBuckets;
  readonly clock: () => number;
}): Revisions {
  const { store, views, notices, maxWalletBytes, maxAccountBytes, pushLimit, clock } = dependencies;

  async function hasWallet(userId: number, walletId: string): Promise<boolean> {
    const view = await views.load(userId);
    return view?.newest.wallets.some((wallet) => wallet.walletId === walletId) ?? false;
  }

  return {
    async newest(userId, walletId) {
      const revision = await store.newest(userId, walletId);
      if (revision !== undefined) return { type: "found", revision };
      return { type: (await hasWallet(userId, walletId)) ? "no-revision" : "unknown-wallet" };
    },

    newestHash: async (userId, walletId) => (await store.head(userId, walletId))?.hash,

    async find(userId, walletId, sequence) {
      if (!(await hasWallet(userId, walletId))) return { type: "unknown-wallet" };
      const found = await store.find(userId, walletId, sequence);
      if (found === undefined) return { type: "no-revision" };
      const { header, encryptedWallet } = found;
      if (encryptedWallet === undefined) return { type: "body-gone" };
      return { type: "found", revision: { header, encryptedWallet } };
    },

    async headers(userId, walletId, afterSequence, limit) {
      if (!(await hasWallet(userId, walletId))) return { type: "unknown-wallet" };
      const headers = await store.headers(userId, walletId, afterSequence, limit);
      const head = await store.head(userId, walletId);
      return { type: "headers", headers, headSequence: head?.sequence };
    },

    async push({ userId, tokenHash }, walletId, decode) {
      let isCounted = false;
      for (let check = 1; check <= MAX_CHECKS; check += 1) {
        const view = await views.load(userId);
        if (view === undefined) return { type: "session-ended" };
        const named = view.newest.wallets.find((wallet) => wallet.walletId === walletId);
        if (named === undefined) return { type: "unknown-wallet" };
        const pushed = decode(named.generation);
        const checked = await checkPushed(store, userId, view.states, pushed, maxWalletBytes);
        if (checked.type === "repeated" && checked.head !== undefined) {
          const { sequence, hash } = checked.head;
          return { type: "stored", sequence, hash };
        }
        if (checked.type !== "accepted") {
          if (isConflict(checked)) break;
          return checked;
        }
        // Only what the account's keys have signed, so that a stolen token uses nothing of it up.
        const taken = isCounted ? undefined : pushLimit.take(String(userId));
        if (taken?.type === "limited") return { ...taken, type: "rate-limited" };
        isCounted = true;
        const { revisions } = checked;
        const outcome = await store.append({
          userId,
          tokenHash,
          nowMs: clock(),
          epoch: view.newest.epoch,
          revisions,
          maxBytes: maxAccountBytes,
        });
        if (outcome.type === "session-ended" || outcome.type === "storage-full") return outcome;
        const newest = revisions.headers.at(-1);
        if (outcome.type === "stored" && newest !== undefined) {
          const { sequence, hash, deviceId } = newest;
          notices.walletChanged(userId, { walletId, sequence, hash, deviceId });
          return { type: "stored", sequence, hash };
        }
      }
      return { type: "conflict", current: await store.newest(userId, walletId) };
    },

    async overview({ holder, newest }) {
      const heads = await store.heads(holder.userId);
      return newest.wallets.map(({ walletId, generation }) => ({
        walletId,
        generation,
        head: heads.find((head) => head.walletId === walletId),
      }));
    },
  };
}

/** A gap is a conflict like any other: the newest revision says where to go on. */
function isConflict<Outcome extends { readonly type: string }>(
  outcome: Outcome,
): outcome is Extract<Outcome, { readonly type: "conflict" | "missing-link" | "repeated" }> {
  return ["conflict", "missing-link", "repeated"].includes(outcome.type);
}
