export type ClientErrorCode =
  /** the platform could not read or write (disk full, permissions, …) */
  | "storage-failed"
  /** a file is larger than this program reads */
  | "file-too-large"
  /** a file is not UTF-8 text */
  | "not-text"
  /** a file is not there */
  | "file-missing"
  /** the folder named as a profile holds something else */
  | "not-a-profile";

/** What the environment failed at: a stable `code` for programs, a sentence for people, never a secret in either. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
