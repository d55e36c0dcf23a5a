/**
 * One account over one protocol, as the driver uses it: everything that touches keys or the network. The engine decides,
 * the account carries out; `protocol-3` and `protocol-4` each make one.
 *
 * Nothing here throws for what a host, a network or a wrong key may do: those are outcomes. A rejected promise is a defect,
 * except for `seal`, whose failure the engine hears of as one more thing to try again.
 */
import type {
  FetchOutcome,
  Line,
  OpenOutcome,
  PasswordChangeOutcome,
  ProtocolRules,
  PushOutcome,
  ReportedHead,
  RevisionRef,
  SealedRevision,
} from "../engine/index.ts";

type SealRequest<Content> = {
  readonly content: Content;
  readonly sequence: number;
  /** the revision this one follows; sequence 0: it is the first */
  readonly parent: RevisionRef;
  readonly line: Line;
  /** `next`: under the keys of the password that is about to be set */
  readonly keys: "current" | "next";
};

export type SyncAccount<Content> = {
  readonly rules: ProtocolRules;
  /** Names the keys in use without telling them: what is sealed under other keys is never sent. */
  readonly keyId: string;
  /** The host's newest revision, with whatever proves that it follows `since`. */
  fetchHead(since: RevisionRef, signal: AbortSignal): Promise<FetchOutcome>;
  /** Verifies, then decrypts. */
  open(head: ReportedHead, since: RevisionRef): Promise<OpenOutcome<Content>>;
  seal(request: SealRequest<Content>): Promise<SealedRevision>;
  push(revision: SealedRevision, signal: AbortSignal): Promise<PushOutcome>;
  /** Protocol 3: with the wallet as its next revision; null where the host has none. */
  changePassword(
    revision: SealedRevision | null,
    signal: AbortSignal,
  ): Promise<PasswordChangeOutcome>;
  /** Wipes keys and token from memory. */
  forgetKeys(): void;
};
