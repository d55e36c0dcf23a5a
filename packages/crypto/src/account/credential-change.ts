/** One atomic change of credentials (P4C-36): a new state and exactly the pieces that it names for the first time. */
import type { SignedState } from "../state/security-state.ts";

export interface CredentialChange {
  readonly state: SignedState;
  /** Canonical texts of the new slots. */
  readonly slots: readonly string[];
  /** Canonical text of the sealed keyring, where it changed. */
  readonly keyring?: string;
}
