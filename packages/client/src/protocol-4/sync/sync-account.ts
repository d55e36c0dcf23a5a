/**
 * One wallet of an account of protocol 4, as the driver uses it (P4K-51 to P4K-57): fetching with the headers in between,
 * opening only what verifies from there on, sealing under the open generation, pushing, and changing the password.
 */
import { openRevision, type RevisionContent, type Signed, type WalletId } from "@holdfast/crypto";
import { type Content, joinContent, splitContent, type WalletFormat } from "@holdfast/wallet/merge";
import {
  type FetchOutcome,
  type OpenOutcome,
  protocol4Rules,
  type PushOutcome,
  type RevisionRef,
} from "../../engine/index.ts";
import type { SyncAccount } from "../../ports/sync-account.ts";
import { setPassword } from "../account/set-password.ts";
import type { HostMisbehaves4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { contactHost } from "./contact.ts";
import { fetchWallet, type ShownWallet } from "./fetch-wallet.ts";
import { ciphertextOf, decodePayload, encodePayload } from "./payload.ts";
import { type ContactFailure, problemOf, requestFailureOf } from "./problem-of.ts";
import { pushRevision } from "./push-revision.ts";
import { rememberWallet } from "./remember-wallet.ts";
import { sealContent } from "./seal-content.ts";
import { keysOf, openGeneration, verifyUnchained, verifyWallet } from "./verify-wallet.ts";

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

  const failed = (failure: ContactFailure, theirs: RevisionRef): FetchOutcome => {
    onReport(failure);
    const problem = failure.type === "host-misbehaves" ? problemOf(failure.fault) : null;
    return problem === null ? requestFailureOf(failure) : { type: "rejected", problem, theirs };
  };

  const headOf = (shown: ShownWallet): FetchOutcome => ({
    type: "head",
    head: { revision: encodePayload(shown.ref, shown.revision), proof: shown.headers },
  });

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
      const point = rememberedPoint(account, walletId, since);
      const shown = await fetchWallet(account, walletId, point, signal);
      switch (shown.type) {
        case "shown":
          return headOf(shown);
        case "empty":
          if (point.sequence > since.sequence) return failed(missingWallet(point.sequence), noRef);
          return { type: "empty" };
        case "unknown-wallet":
          return failed(missingWallet(point.sequence), noRef);
        case "session-ended":
        case "unreachable":
        case "host-misbehaves":
        case "host-failed":
        case "host-refused":
        case "rate-limited":
          return failed(shown, noRef);
      }
    },

    async open({ revision, proof }, since) {
      const { unlocked } = account;
      const received = decodePayload(revision);
      if (unlocked === null || received === null) return rejected("undecodable");
      const { header } = received.revision;
      const headers = isHeaders(proof) ? proof : [header];
      const point = rememberedPoint(account, walletId, since);
      const chained = verifyWallet(account, unlocked, walletId, point, headers);
      if (chained.type !== "verified") {
        onReport(chained);
        // With a memory of its own, the engine names it; what a pairing told is known here only.
        const isEngines = since.sequence > 0 && problemOf(chained.fault) !== "not-authentic";
        if (!isEngines) return rejected(problemOf(chained.fault));
      }
      const verified =
        chained.type === "verified"
          ? chained
          : verifyUnchained(account, unlocked, walletId, headers);
      if (verified.type !== "verified") return rejected("not-authentic");
      const { newest } = verified;
      const ciphertext = ciphertextOf(received.revision);
      if (ciphertext === null || newest.hash !== revision.hash) return rejected("not-authentic");
      const opened = openContent(format, () =>
        openRevision(newest, ciphertext, keysOf(unlocked, walletId, newest.generation).walletKey),
      );
      if (opened.type !== "opened") {
        if (chained.type !== "verified") return rejected(problemOf(chained.fault));
        onReport({
          type: "host-misbehaves",
          fault: "forged",
          detail: `revision ${newest.sequence} does not open`,
        });
        return rejected(opened.type);
      }
      if (chained.type === "verified")
        await rememberWallet(account, walletId, {
          newest,
          fresh: chained.fresh,
          encryptedWallet: received.revision.encryptedWallet,
          upgradedFrom: opened.upgradedFrom,
        });
      return {
        type: "opened",
        content: opened.content,
        line: [
          ...(chained.type === "verified" && since.sequence > 0 ? [since] : []),
          ...verified.fresh,
        ]
          .filter(({ sequence }) => sequence < newest.sequence)
          .map(refOf),
        epoch: newest.epoch,
      };
    },

    async seal({ content, parent }) {
      const parts = splitContent(format, content);
      return await sealContent(account, walletId, parent, { format: format.name, ...parts });
    },

    async push(revision, signal): Promise<PushOutcome> {
      const outcome = await pushRevision(account, walletId, revision, {
        isRestore,
        signal,
      });
      if (outcome.type === "stored") {
        isRestore = false;
        return { type: "accepted", stored: outcome.ref };
      }
      if (outcome.type === "conflict" || outcome.type === "too-large") return outcome;
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

/** The engine's own memory, or, where it has none yet, what the account was told of the wallet (by a pairing). */
function rememberedPoint(
  { record }: HeldAccount,
  walletId: WalletId,
  since: RevisionRef,
): RevisionRef {
  return since.sequence > 0 ? since : (record.wallets[walletId] ?? noRef);
}

function missingWallet(sequence: number): HostMisbehaves4 {
  return {
    type: "host-misbehaves",
    fault: "rollback",
    detail: `it shows no wallet; this device knows of revision ${sequence}`,
  };
}

type Rejected = Extract<OpenOutcome<never>, { type: "rejected" }>;

function rejected(problem: Rejected["problem"] | "false-receipt" | null): Rejected {
  const isOther = problem === null || problem === "false-receipt";
  return { type: "rejected", problem: isOther ? "not-authentic" : problem };
}

function isHeaders(proof: unknown): proof is readonly Signed[] {
  return Array.isArray(proof);
}

function refOf({ sequence, hash }: RevisionRef): RevisionRef {
  return { sequence, hash };
}

type OpenedContent<Document> =
  | {
      readonly type: "opened";
      readonly content: Content<Document>;
      readonly upgradedFrom: RevisionContent["upgradedFrom"];
    }
  | { readonly type: "not-authentic" }
  | { readonly type: "undecodable" };

/** What does not open was not sealed by this account; what opens and makes no wallet was, and is named differently. */
function openContent<Document>(
  format: WalletFormat<Document>,
  open: () => RevisionContent,
): OpenedContent<Document> {
  let inside: RevisionContent;
  try {
    inside = open();
  } catch {
    return { type: "not-authentic" };
  }
  if (inside.format !== format.name) return { type: "undecodable" };
  try {
    const content = joinContent(format, inside);
    return { type: "opened", content, upgradedFrom: inside.upgradedFrom };
  } catch {
    return { type: "undecodable" };
  }
}
