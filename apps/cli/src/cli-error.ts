/** What a script may tell apart when a command stops before it has an answer. */
export type CliErrorCode =
  | "usage"
  | "no-address"
  | "no-password"
  | "passwords-differ"
  | "empty-password"
  | "weak-password"
  | "empty-passcode"
  | "weak-passcode"
  | "words-differ"
  | "wrong-words"
  | "wrong-passcode"
  | "protocol-4-account"
  | "interrupted"
  | "unreadable-file"
  | "too-large"
  | "not-text";

/** The CLI's own failure: `message` is one sentence for people, printed as it is. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
