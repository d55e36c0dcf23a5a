/** An account of protocol 4 as a whole (P4-45 …): where it stands, its address, its end. */
import { encodeBase64url, type RandomBytes } from "@holdfast/crypto/verify";
import { isSameAccountId, normalizeAccountId } from "@holdfast/protocol/protocol-4";
import type { DeviceSession, SessionEnded } from "../devices/device-session-store.ts";
import type { DeviceSessions } from "../devices/device-sessions.ts";
import { createMailedCodes, type SendCode } from "../mailed-codes/mailed-codes.ts";
import type { Revisions, WalletOverview } from "../revisions/revisions.ts";
import type { SecondFactor } from "../second-factor/second-factor.ts";
import type { VerificationMode } from "../verification/verification-mode.ts";
import type { AccountViews } from "./account-views.ts";
import type { CredentialStore, Holder } from "./credential-store.ts";
import type { Notices4 } from "./notices-4.ts";

interface AccountSummary {
  readonly holder: Holder;
  readonly mfa: { readonly totp: boolean; readonly recoveryCodesLeft: number };
  readonly wallets: readonly WalletOverview[];
}

type ChangeIdOutcome =
  | { readonly type: "changed"; readonly id: string }
  | { readonly type: "mailed"; readonly changeId: string; readonly expiresAtMs: number }
  | { readonly type: "not-invited" }
  | { readonly type: "id-taken" }
  | { readonly type: "mail-failed" }
  | SessionEnded;

export interface AccountLife {
  summary(userId: number): Promise<AccountSummary | undefined>;
  changeId(by: DeviceSession, id: string): Promise<ChangeIdOutcome>;
  verifyId(
    by: DeviceSession,
    request: { readonly changeId: string; readonly code: string },
  ): Promise<
    | { readonly type: "changed"; readonly id: string }
    | { readonly type: "code-refused" }
    | { readonly type: "id-taken" }
    | SessionEnded
  >;
  /** Removes the account and ends all of its sessions and sockets. */
  remove(by: DeviceSession): Promise<{ readonly type: "removed" } | SessionEnded>;
}

export function createAccountLife(dependencies: {
  readonly store: CredentialStore;
  readonly views: AccountViews;
  readonly sessions: Pick<DeviceSessions, "authorise">;
  readonly revisions: Revisions;
  readonly secondFactor: SecondFactor;
  readonly notices: Notices4;
  readonly mode: VerificationMode;
  readonly sendCode: SendCode;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): AccountLife {
  const { store, views, sessions, revisions, secondFactor, notices, mode, sendCode } = dependencies;
  const { clock, randomBytes } = dependencies;
  const invited = new Set(mode.type === "Whitelist" ? mode.emails.map(normalizeAccountId) : []);
  const pending = createMailedCodes<{
    readonly userId: number;
    readonly id: string;
    readonly oldId: string;
  }>({ clock, randomBytes });

  return {
    async summary(userId) {
      const view = await views.load(userId);
      if (view === undefined) return undefined;
      const mfa = await secondFactor.status(userId);
      return { holder: view.holder, mfa, wallets: await revisions.overview(view) };
    },

    async changeId(by, typed) {
      const { userId } = by;
      const id = typed.trim();
      if (mode.type === "Whitelist" && !invited.has(normalizeAccountId(id))) {
        return { type: "not-invited" };
      }
      if (mode.type !== "EmailVerify") {
        const outcome = await store.changeId(sessions.authorise(by), id);
        return outcome.type === "changed" ? { type: "changed", id } : outcome;
      }
      const oldId = (await store.find(userId))?.id ?? id;
      // One's own address, spelled in another way, is free.
      const isOwn = isSameAccountId(oldId, id);
      const isTaken = !isOwn && (await store.isTaken(id));
      const changeId = encodeBase64url(randomBytes(16));
      const { code, expiresAtMs } = pending.add(changeId, { userId, id, oldId }, isTaken);
      const sent = await Promise.all([
        sendCode({ type: "id-changes", to: oldId }),
        sendCode(
          isTaken ? { type: "change-id-taken", to: id } : { type: "change-id", to: id, code },
        ),
      ]);
      if (sent.some(({ type }) => type === "failed")) return { type: "mail-failed" };
      return { type: "mailed", changeId, expiresAtMs };
    },

    async verifyId(by, { changeId, code }) {
      const redeemed = pending.redeem(changeId, code);
      if (redeemed?.userId !== by.userId) return { type: "code-refused" };
      const { id, oldId } = redeemed;
      const outcome = await store.changeId(sessions.authorise(by), id);
      if (outcome.type !== "changed") return outcome;
      // It is done: a mailbox that cannot be reached any more does not undo it.
      await sendCode({ type: "id-changed", to: oldId });
      return { type: "changed", id };
    },

    async remove(by) {
      const outcome = await store.remove(sessions.authorise(by));
      if (outcome.type === "removed") notices.allSessionsEnded(by.userId);
      return outcome;
    },
  };
}
