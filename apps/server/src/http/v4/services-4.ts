import type { HostOrigin } from "@holdfast/crypto/verify";
import type { AccountLife } from "../../credentials/account-life.ts";
import type { CredentialChanges } from "../../credentials/credential-changes.ts";
import type { CredentialStore } from "../../credentials/credential-store.ts";
import type { LogIn } from "../../credentials/log-in.ts";
import type { Recovery } from "../../credentials/recovery.ts";
import type { Registration } from "../../credentials/registration.ts";
import type { SignedRequests } from "../../credentials/signed-requests.ts";
import type { DeviceSessions } from "../../devices/device-sessions.ts";
import type { CredentialLimits } from "../../limits/credential-limits.ts";
import type { TokenBuckets } from "../../limits/token-buckets.ts";
import type { Pairings } from "../../pairing/pairings.ts";
import type { Revisions } from "../../revisions/revisions.ts";
import type { SecondFactor } from "../../second-factor/second-factor.ts";
import type { ShortLived } from "../../short-lived/short-lived.ts";
import type { Upgrade } from "../../upgrade/upgrade.ts";
import type { VerificationMode } from "../../verification/verification-mode.ts";
import type { HttpServices } from "../services.ts";
import type { EventSockets } from "./event-sockets.ts";

/** All that protocol 4's HTTP side needs from the rest of the server. */
export interface Services4 extends Pick<HttpServices, "counters" | "log"> {
  readonly registration: Registration;
  readonly logIn: LogIn;
  readonly recovery: Recovery;
  readonly deviceSessions: DeviceSessions;
  readonly signedRequests: SignedRequests;
  readonly credentials: CredentialStore;
  readonly credentialChanges: CredentialChanges;
  readonly accountLife: AccountLife;
  readonly secondFactor: SecondFactor;
  readonly revisions: Revisions;
  readonly pairings: Pairings;
  readonly upgrade: Upgrade;
  /** For events sockets: each stands for a session's token, once. */
  readonly tickets: ShortLived<{ readonly token: string; readonly sessionId: string }>;
  /** Where open event sockets are registered. */
  readonly events: EventSockets;
  /** Of calls that check or reveal something about a credential. */
  readonly credentialLimits: CredentialLimits;
  /** Of calls that send a mail. */
  readonly mailLimits: CredentialLimits;
  /** Of pushes: here by session, and of those that are stored by account. */
  readonly pushLimit: TokenBuckets;
  /** As clients see the host. Known once it listens. */
  readonly origin: () => HostOrigin;
  readonly mode: VerificationMode["type"];
  readonly maxWalletBytes: number;
  readonly maxAccountBytes: number;
}
