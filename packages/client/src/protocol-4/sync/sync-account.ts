/**
 * One wallet of an account of protocol 4, as the driver uses it (P4K-51 to P4K-57): fetching with the headers in between,
 * opening only what verifies from there on, sealing under the open generation, pushing, and changing the password.
 */
import { trustStoredHeader, type WalletId } from "@holdfast/crypto";
import { type Content, splitContent, type WalletFormat } from "@holdfast/wallet/merge";
import {
  type FetchOutcome,
  protocol4Rules,
  type PushOutcome,
  type ReportedHead,
  type RevisionRef,
} from "../../engine/index.ts";
import type { SyncAccount } from "../../ports/sync-account.ts";
import { setPassword } from "../account/set-password.ts";
import type { HostMisbehaves4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { contactHost } from "./contact.ts";
import { fetchWallet, type ShownWallet } from "./fetch-wallet.ts";
import { openHead, rememberedPoint } from "./open-head.ts";
import { encodePayload } from "./payload.ts";
import { type ContactFailure, problemOf, requestFailureOf } from "./problem-of.ts";
import { pushRevision } from "./push-revision.ts";
import { sealContent } from "./seal-content.ts";
import { openGeneration } from "./verify-wallet.ts";

export type WalletSync<Document> = {
  readonly account: HeldAccount;
  readonly walletId: WalletId;
  readonly format: WalletFormat<Document>;
  /** Hears exactly what a host did or why nothing came of a request; the engine hears the coarse name. */
  readonly onReport?: (report: ContactFailure) => void;
};

export type SyncAccount4<Document> = SyncAccount<Content<Document>> & {
  /** What `changePassword` sets. */
  prepareNewPassword(password: string): void;
  /** The next revision restores an old one, so the host keeps the one before it for good. */
  markRestore(): void;
};

/** The account has to be unlocked. After a rotation there are new keys, and a new one of these. */
export function createSyncAccount4<Document>({
  account,
  walletId,
  format,
  onReport = () => undefined,
}: WalletSync<Document>): SyncAccount4<Document> {
  let newPassword: string | null = null;
  let isRestore = false;

  /** A session that this device itself replaced meanwhile is no reason to forget the keys: the next try has the new one. */
  const isReplaced = (failure: ContactFailure, token: string | undefined): boolean =>
    failure.type === "session-ended" && account.record.session?.token !== token;

  const failed = (failure: ContactFailure, theirs: RevisionRef, token?: string): FetchOutcome => {
    if (token !== undefined && isReplaced(failure, token)) return { type: "unreachable" };
    onReport(failure);
    const problem = failure.type === "host-misbehaves" ? problemOf(failure.fault) : null;
    return problem === null ? requestFailureOf(failure) : { type: "rejected", problem, theirs };
  };

  const headOf = ({ ref, revision, chain }: ShownWallet): ReportedHead => ({
    revision: encodePayload(ref, revision),
    proof: chain,
  });

  /** A push whose answer was lost: the engine knows it again and does not open it, so it enters the memory here. */
  const rememberOwn = async (shown: ShownWallet, since: RevisionRef): Promise<void> => {
    const { deviceId, sequence } = trustStoredHeader(shown.revision.header);
    const isNewer = sequence > (account.record.wallets[walletId]?.sequence ?? 0);
    if (!isNewer || deviceId !== account.record.deviceId) return;
    const silently = { account, walletId, format, onReport: () => undefined };
    await openHead(silently, headOf(shown), since);
  };

  const sync: SyncAccount4<Document> = {
    rules: protocol4Rules,

    get keyId() {
      const { unlocked, record } = account;
      const generation = unlocked === null ? 0 : openGeneration(unlocked, walletId);
      return `${record.identity}/${walletId}/${generation}`;
    },

    async fetchHead(since, signal) {
      const contact = await contactHost(account, signal);
      if (contact.type !== "in-touch") return failed(contact, noRef);
      const token = account.record.session?.token;
      const point = rememberedPoint(account, walletId, since);
      const shown = await fetchWallet(account, walletId, point, signal);
      switch (shown.type) {
        case "shown":
          await rememberOwn(shown, since);
          return { type: "head", head: headOf(shown) };
        case "empty":
          if (point.sequence > since.sequence) return failed(missingWallet(point.sequence), noRef);
          return { type: "empty" };
        case "unknown-wallet":
          return failed(missingWallet(point.sequence), noRef);
        case "locked":
        case "session-ended":
        case "unreachable":
        case "host-misbehaves":
        case "host-failed":
        case "host-refused":
        case "rate-limited":
          return failed(shown, noRef, token);
      }
    },

    open: async (head, since) =>
      await openHead({ account, walletId, format, onReport }, head, since),

    async seal({ content, parent }) {
      const parts = splitContent(format, content);
      return await sealContent(account, walletId, parent, { format: format.name, ...parts });
    },

    async push(revision, signal): Promise<PushOutcome> {
      const token = account.record.session?.token;
      const outcome = await pushRevision(account, walletId, revision, {
        isRestore,
        signal,
      });
      if (outcome.type === "stored") {
        isRestore = false;
        return { type: "accepted", stored: outcome.ref };
      }
      if (outcome.type === "conflict" || outcome.type === "too-large") return outcome;
      if (isReplaced(outcome, token)) return { type: "unreachable" };
      onReport(outcome);
      return requestFailureOf(outcome);
    },

    async changePassword(_revision, signal) {
      if (newPassword === null) return { type: "refused" };
      const outcome = await setPassword(account, newPassword, signal);
      newPassword = null;
      switch (outcome.type) {
        case "changed":
          return { type: "changed", keyId: sync.keyId };
        case "unsettled":
          return { type: "unknown" };
        case "not-changed":
          return outcome.reason === "overtaken" ? { type: "conflict" } : { type: "refused" };
        case "mfa-required":
        case "mfa-refused":
          return { type: "refused" };
        case "locked":
        case "session-ended":
        case "credentials-changed":
        case "unsupported-version":
        case "unreachable":
        case "host-misbehaves":
        case "host-failed":
        case "host-refused":
        case "rate-limited":
          onReport(outcome);
          return { type: "refused" };
      }
    },

    prepareNewPassword(password) {
      newPassword = password;
    },

    markRestore() {
      isRestore = true;
    },

    forgetKeys() {
      account.lock();
    },
  };
  return sync;
}

const noRef: RevisionRef = { sequence: 0, hash: "" };

function missingWallet(sequence: number): HostMisbehaves4 {
  return {
    type: "host-misbehaves",
    fault: "rollback",
    detail: `it shows no wallet; this device knows of revision ${sequence}`,
  };
}
