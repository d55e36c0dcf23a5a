/**
 * The database's shape, as the list of steps that lead to it. A step that was released is never edited: what changes
 * is a further step at the end. `PRAGMA user_version` is the number of steps a database has gone through.
 *
 * Times are milliseconds since 1970. `accounts` has what every account has whatever protocol it speaks; protocol 3's
 * verifier and salt seed have a table of their own. `device_id` is the JSON text of the string the device chose,
 * because SQLite's text cannot hold every JavaScript string. `wallets.body` is the JSON answer, ready to send.
 */
export const SCHEMA_STEPS: readonly string[] = [
  `
  CREATE TABLE accounts (
    user_id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    credential_version INTEGER NOT NULL CHECK (credential_version >= 1)
  ) STRICT;

  CREATE TABLE password_credentials (
    user_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    client_salt_seed TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    UNIQUE (user_id, device_id)
  ) STRICT;
  CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

  CREATE TABLE wallets (
    user_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE verification_tokens (
    token_hash TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    expires_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX verification_tokens_by_user ON verification_tokens (user_id);
  CREATE INDEX verification_tokens_by_expiry ON verification_tokens (expires_at_ms);
  `,
];
