/**
 * The database's shape, as the list of steps that lead to it. A step that was released is never edited: what changes
 * is a further step at the end. `PRAGMA user_version` is the number of steps a database has gone through.
 *
 * Times are milliseconds since 1970. `accounts` has what every account has whatever protocol it speaks; protocol 3's
 * verifier and salt seed have a table of their own. `device_id` is the JSON text of the string the device chose,
 * because SQLite's text cannot hold every JavaScript string. `wallets.body` is the JSON answer, ready to send.
 *
 * Protocol 4: `holders` are its accounts; states and headers are canonical texts with their signatures and are kept for
 * ever; `revision_bodies` is apart, so that headers can be walked without reading ciphertexts. `holders.stored_bytes` is what
 * the account's revisions count: their bodies' bytes and 1024 for each.
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
  `
  CREATE TABLE host_facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE holders (
    user_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    identity TEXT NOT NULL UNIQUE,
    nonce TEXT NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch >= 1),
    credential_id TEXT NOT NULL,
    record TEXT NOT NULL,
    keyring TEXT NOT NULL,
    upgraded INTEGER NOT NULL CHECK (upgraded IN (0, 1))
  ) STRICT;

  CREATE TABLE states (
    user_id INTEGER NOT NULL REFERENCES holders ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    body TEXT NOT NULL,
    signature TEXT NOT NULL,
    successor_signature TEXT,
    PRIMARY KEY (user_id, epoch)
  ) STRICT;

  CREATE TABLE slots (
    user_id INTEGER NOT NULL REFERENCES holders ON DELETE CASCADE,
    slot_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (user_id, slot_id)
  ) STRICT;
  CREATE UNIQUE INDEX recovery_slots ON slots (reference) WHERE kind = 'recovery';

  CREATE TABLE device_sessions (
    session_id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES holders ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    UNIQUE (user_id, device_id)
  ) STRICT;
  CREATE INDEX device_sessions_by_expiry ON device_sessions (expires_at_ms);

  CREATE TABLE writer_keys (
    user_id INTEGER NOT NULL REFERENCES holders ON DELETE CASCADE,
    wallet_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    writer_key TEXT NOT NULL,
    PRIMARY KEY (user_id, wallet_id, generation)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE revisions (
    user_id INTEGER NOT NULL REFERENCES holders ON DELETE CASCADE,
    wallet_id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    hash TEXT NOT NULL,
    header TEXT NOT NULL,
    signature TEXT NOT NULL,
    generation INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    stored_at_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    keeps_previous INTEGER NOT NULL CHECK (keeps_previous IN (0, 1)),
    PRIMARY KEY (user_id, wallet_id, sequence)
  ) STRICT;

  CREATE TABLE revision_bodies (
    user_id INTEGER NOT NULL,
    wallet_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (user_id, wallet_id, sequence),
    FOREIGN KEY (user_id, wallet_id, sequence) REFERENCES revisions ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE second_factors (
    user_id INTEGER PRIMARY KEY REFERENCES holders ON DELETE CASCADE,
    sealed_secret TEXT NOT NULL,
    last_step INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES second_factors ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE holders ADD COLUMN stored_bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE holders SET stored_bytes =
    (SELECT 1024 * count(*) FROM revisions AS r WHERE r.user_id = holders.user_id) +
    (SELECT ifnull(sum(r.bytes), 0) FROM revision_bodies AS b
      JOIN revisions AS r USING (user_id, wallet_id, sequence) WHERE b.user_id = holders.user_id);
  `,
];
