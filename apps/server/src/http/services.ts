import type { RefusalCode3 } from "@holdfast/protocol";
import type { Logger } from "pino";
import type { Accounts } from "../accounts/accounts.ts";
import type { CredentialLimits } from "../limits/credential-limits.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Verification } from "../verification/verification.ts";
import type { Wallets } from "../wallets/wallets.ts";
import type { WebSocket } from "ws";

/** Mails the link that verifies an address. `token` is 64 hex digits. */
export type SendVerificationMail = (mail: {
  readonly email: string;
  readonly token: string;
}) => Promise<{ readonly type: "sent" } | { readonly type: "failed" }>;

/** What went wrong, as counted by `wallet_sync_error_count`. */
type ErrorType =
  "internal" | "busy" | "mail" | "rate-limited" | "too-many-sockets" | "malformed-http";

/** Where requests are counted. All labels come from our own tables, so that no client can add one. */
export interface RequestCounters {
  /** `route` is a route's label, not a path; `durationMs` until the answer was handed to the network. */
  countRequest(method: string, route: string, status: number, durationMs: number): void;
  countError(type: ErrorType): void;
}

/** Where open sockets are registered. */
interface Sockets {
  /** Whether the user may open a further socket. */
  hasRoomFor(userId: number): boolean;
  add(opened: {
    readonly userId: number;
    /** When its session ends by itself. */
    readonly expiresAtMs: number;
    readonly socket: WebSocket;
  }): void;
  /** Closes one socket because its session is over. */
  endSession(userId: number, socket: WebSocket): void;
}

/** All that the HTTP side needs from the rest of the server. */
export interface HttpServices {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly wallets: Wallets;
  readonly verification: Verification;
  /** Of calls that check or reveal something about a credential. */
  readonly credentialLimits: CredentialLimits;
  /** Of calls that send a mail. */
  readonly mailLimits: CredentialLimits;
  readonly sendVerificationMail: SendVerificationMail;
  readonly sockets: Sockets;
  readonly counters: RequestCounters;
  /** The metrics in Prometheus' text format. */
  readonly metricsText: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Resolves when the stores work; rejects otherwise. */
  readonly checkReady: () => Promise<void>;
  readonly log: Logger;
}

/** Which outcome of a service is which refusal: one small table per call. */
export type RefusalsOf<Outcome extends { readonly type: string }, Accepted extends string> = Record<
  Exclude<Outcome["type"], Accepted>,
  RefusalCode3
>;
