/**
 * The package's one exception class. What fails authentication or decryption has one opaque code (P4C-9): nothing in the
 * code, the text or the cause says which check refused it.
 */
export type CryptoErrorCode =
  /** A sealed or signed thing does not open under this key in this context. */
  | "cannot-open"
  /** A text or bytes are not in the one form that is accepted. */
  | "malformed"
  /** A caller's mistake: a value that no honest caller passes. */
  | "invalid-argument";

export class CryptoError extends Error {
  override readonly name = "CryptoError";
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The one answer to everything that does not open. */
export function cannotOpen(): CryptoError {
  return new CryptoError(
    "cannot-open",
    "This cannot be opened: the key does not belong to it, or it was changed since it was sealed. Nothing was applied.",
  );
}

/** A thing from outside that is not in its one accepted form; `what` names the kind of thing, never its content. */
export function malformed(what: string): CryptoError {
  return new CryptoError("malformed", `This is not a well-formed ${what}, so it was refused.`);
}

/** A defect in the calling code; `rule` says what it broke. */
export function invalidArgument(rule: string): CryptoError {
  return new CryptoError("invalid-argument", rule);
}

/** Runs `open`, and lets nothing but the opaque refusal out of it. */
export function openOrRefuse<T>(open: () => T): T {
  try {
    return open();
  } catch {
    throw cannotOpen();
  }
}
