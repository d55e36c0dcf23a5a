/** What the host keeps of an account's second factor. */
export interface SecondFactorRecord {
  /** The TOTP secret, sealed under a key that the database does not hold. */
  readonly sealedSecret: string;
  /** The newest time step that was used. */
  readonly lastStep: number;
  readonly codesLeft: number;
}

export interface SecondFactorStore {
  find(userId: number): Promise<SecondFactorRecord | undefined>;
  /** On from now, with the time step that confirmed it used up. */
  enable(request: {
    readonly userId: number;
    readonly sealedSecret: string;
    readonly step: number;
    readonly codeHashes: readonly string[];
  }): Promise<{ readonly type: "enabled" } | { readonly type: "on-already" }>;
  /** Whether it was on. */
  disable(userId: number): Promise<boolean>;
  /** Whether the time step is newer than every one used before; it is used then. */
  useStep(userId: number, step: number): Promise<boolean>;
  /** Whether the code was there; it is gone then. */
  useCode(userId: number, codeHash: string): Promise<boolean>;
  /** Whether the second factor is on; the codes are these then. */
  replaceCodes(userId: number, codeHashes: readonly string[]): Promise<boolean>;
}
