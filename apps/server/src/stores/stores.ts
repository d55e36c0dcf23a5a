import type { AccountStore } from "../accounts/account-store.ts";
import type { CredentialStore } from "../credentials/credential-store.ts";
import type { DeviceSessionStore } from "../devices/device-session-store.ts";
import type { HostFactStore } from "../host-facts/host-fact-store.ts";
import type { RevisionStore } from "../revisions/revision-store.ts";
import type { SecondFactorStore } from "../second-factor/second-factor-store.ts";
import type { SessionStore } from "../sessions/session-store.ts";
import type { VerificationStore } from "../verification/verification-store.ts";
import type { ServerError } from "../server-error.ts";
import type { WalletStore } from "../wallets/wallet-store.ts";

/** Everything the server remembers, one store per concept. */
export interface Stores {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly wallets: WalletStore;
  readonly verification: VerificationStore;
  /** Protocol 4's. */
  readonly credentials: CredentialStore;
  readonly devices: DeviceSessionStore;
  readonly revisions: RevisionStore;
  readonly secondFactors: SecondFactorStore;
  readonly hostFacts: HostFactStore;
}

/** Stores that hold files, threads or connections. */
export interface OpenStores extends Stores {
  /** Resolves when reads and durable writes work right now; rejects with a ServerError that says what does not. */
  checkReady(): Promise<void>;
  /** Resolves with the reason when nothing can be stored until they are opened again; absent where that cannot be. */
  readonly lost?: Promise<ServerError>;
  /** Finishes the writes that were accepted, refuses new ones, and lets go of the data directory. */
  close(): Promise<void>;
}
