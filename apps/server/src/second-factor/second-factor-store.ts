import type { Authorised, SessionEnded } from "../devices/device-session-store.ts";

/** What the host keeps of an account's second factor. */
export interface SecondFactorRecord {
  /** The TOTP secret, sealed under a key that the database does not hold. */
  readonly sealedSecret: string;
  /** The newest time step that was used. */
  readonly lastStep: number;
  readonly codesLeft: number;
}

/** `off`: there is no second factor; nothing was written. */
export type SwitchFactorOutcome =
  { readonly type: "done" } | { readonly type: "off" } | SessionEnded;

export interface SecondFactorStore {
  find(userId: number): Promise<SecondFactorRecord | undefined>;
  /** On from now, with the time step that confirmed it used up. */
  enable(request: {
    readonly by: Authorised;
    readonly sealedSecret: string;
    readonly step: number;
    readonly codeHashes: readonly string[];
  }): Promise<{ readonly type: "enabled" } | { readonly type: "on-already" } | SessionEnded>;
  disable(by: Authorised): Promise<SwitchFactorOutcome>;
  /** Whether the time step is newer than every one used before; it is used then. */
  useStep(userId: number, step: number): Promise<boolean>;
  /** Whether the code was there; it is gone then. */
  useCode(userId: number, codeHash: string): Promise<boolean>;
  /** Where the second factor is on, the codes are these then. */
  replaceCodes(by: Authorised, codeHashes: readonly string[]): Promise<SwitchFactorOutcome>;
}
