/** What can go wrong in the server beyond the outcomes its functions return. */
export type ServerErrorCode =
  /** More writes wait than the queue may hold: nothing was written, try again soon. */
  | "store-busy"
  /** A write could not be committed: it was not acknowledged and must be taken as not done. */
  | "store-failed"
  /** The stores were closed, or the writer ended. */
  | "store-closed"
  /** Another process uses the data directory. */
  | "data-dir-in-use"
  /** The data directory cannot be created, written to or locked. */
  | "data-dir-unusable"
  /** The database was written by a newer version of this program, or is none of ours. */
  | "database-unusable"
  /** The setup secret is missing, damaged, or belongs to another database. */
  | "setup-secret-unusable"
  | "damaged-password-hash"
  /** The address or port cannot be had. */
  | "cannot-listen"
  /** The server is on its way down. */
  | "stopping"
  /** Whoever delivers mails did not take one. */
  | "mail-refused";

/** The server's exception: a failing environment or a defect. `code` is stable, `message` is for people. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
