/** The writes, as SQL. Runs in the writer's thread, inside the group's transaction, each command in a savepoint. */
import type { DatabaseSync } from "node:sqlite";
import { encodeDeviceId } from "./device-id.ts";
import { readInteger } from "./read-integer.ts";
import type { Command, CommandOf, CommandOutcomes, WalletRow } from "./commands.ts";
import type { Command4 } from "./protocol-4/commands.ts";
import { createHandlers4 } from "./protocol-4/handlers.ts";

export type CommandHandlers = {
  readonly [Type in Command["type"]]: (command: CommandOf<Type>) => CommandOutcomes[Type];
};

export function createCommandHandlers(database: DatabaseSync): CommandHandlers {
  return {
    ...createAccountHandlers(database),
    ...createSessionHandlers(database),
    ...createWalletHandlers(database),
    ...createVerificationHandlers(database),
    ...createHandlers4(database),
    check: createCheck(database),
  };
}

/** Writes what is there anyway: a transaction without a write would succeed on a full disk. */
function createCheck(database: DatabaseSync): CommandHandlers["check"] {
  const rewriteVersion = database.prepare(
    `PRAGMA user_version = ${readInteger(database, "PRAGMA user_version")}`,
  );
  return () => {
    rewriteVersion.run();
    return null;
  };
}

type AccountCommand = "create-account" | "change-password";
type SessionCommand = "create-session" | "remove-expired-sessions";
type WalletCommand = "replace-wallet";
type VerificationCommand = Exclude<
  Command["type"],
  AccountCommand | SessionCommand | WalletCommand | Command4["type"] | "check"
>;

function createAccountHandlers(database: DatabaseSync): Pick<CommandHandlers, AccountCommand> {
  const insertAccount = database.prepare(`
    INSERT INTO accounts (email, email_key, verified, credential_version)
    SELECT ?1, ?2, ?3, 1 WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE email_key = ?2)
    RETURNING user_id`);
  const insertPassword = database.prepare(
    "INSERT INTO password_credentials (user_id, password_hash, client_salt_seed) VALUES (?, ?, ?)",
  );
  const insertToken = database.prepare(
    "INSERT INTO verification_tokens (user_id, token_hash, expires_at_ms) VALUES (?, ?, ?)",
  );
  const raiseVersion = database.prepare(`
    UPDATE accounts SET credential_version = credential_version + 1
    WHERE user_id = ? AND credential_version = ?`);
  const hasVersion = database.prepare(
    "SELECT 1 FROM accounts WHERE user_id = ? AND credential_version = ?",
  );
  const updatePassword = database.prepare(
    "UPDATE password_credentials SET password_hash = ?, client_salt_seed = ? WHERE user_id = ?",
  );
  const endSessions = database.prepare("DELETE FROM sessions WHERE user_id = ?");
  const selectWallet = database.prepare("SELECT sequence, body FROM wallets WHERE user_id = ?");
  const updateWallet = database.prepare(
    "UPDATE wallets SET sequence = ?, body = ? WHERE user_id = ?",
  );

  return {
    "create-account"({ account, emailKey }) {
      const row = insertAccount.get(account.email, emailKey, account.verified ? 1 : 0);
      if (row === undefined) return { type: "email-taken" };
      const userId = row["user_id"] as number;
      insertPassword.run(userId, account.passwordHash, account.clientSaltSeed);
      const { verification } = account;
      if (verification !== undefined) {
        insertToken.run(userId, verification.tokenHash, verification.expiresAtMs);
      }
      return { type: "created", userId };
    },

    // Every refusal comes before the first change.
    "change-password"({ userId, credentialVersion, passwordHash, clientSaltSeed, wallet }) {
      if (hasVersion.get(userId, credentialVersion) === undefined) {
        return { type: "credentials-changed" };
      }
      const current = selectWallet.get(userId) as WalletRow | undefined;
      if (wallet === undefined) {
        if (current !== undefined) return { type: "wallet-required", current };
      } else {
        if (wallet.sequence !== (current?.sequence ?? Number.NaN) + 1) {
          return { type: "bad-sequence", current };
        }
        updateWallet.run(wallet.sequence, wallet.body, userId);
      }
      raiseVersion.run(userId, credentialVersion);
      updatePassword.run(passwordHash, clientSaltSeed, userId);
      endSessions.run(userId);
      return { type: "changed" };
    },
  };
}

function createSessionHandlers(database: DatabaseSync): Pick<CommandHandlers, SessionCommand> {
  const insertIfUnchanged = database.prepare(`
    INSERT INTO sessions (token_hash, user_id, device_id, expires_at_ms)
    SELECT ?, user_id, ?, ? FROM accounts WHERE user_id = ? AND credential_version = ?
    ON CONFLICT (user_id, device_id) DO UPDATE
    SET token_hash = excluded.token_hash, expires_at_ms = excluded.expires_at_ms`);
  const deleteExpired = database.prepare("DELETE FROM sessions WHERE expires_at_ms <= ?");

  return {
    "create-session"({ session }) {
      const { tokenHash, userId, deviceId, expiresAtMs, credentialVersion } = session;
      const { changes } = insertIfUnchanged.run(
        tokenHash,
        encodeDeviceId(deviceId),
        expiresAtMs,
        userId,
        credentialVersion,
      );
      return { type: changes === 0 ? "credentials-changed" : "created" };
    },

    "remove-expired-sessions": ({ nowMs }) => Number(deleteExpired.run(nowMs).changes),
  };
}

function createWalletHandlers(database: DatabaseSync): Pick<CommandHandlers, WalletCommand> {
  const findSession = database.prepare(
    "SELECT 1 FROM sessions WHERE token_hash = ? AND user_id = ? AND expires_at_ms > ?",
  );
  const insertFirst = database.prepare(
    "INSERT INTO wallets (user_id, sequence, body) VALUES (?, 1, ?) ON CONFLICT DO NOTHING",
  );
  const updateNext = database.prepare(
    "UPDATE wallets SET sequence = ?1, body = ?2 WHERE user_id = ?3 AND sequence = ?1 - 1",
  );
  const selectWallet = database.prepare("SELECT sequence, body FROM wallets WHERE user_id = ?");

  return {
    "replace-wallet"({ userId, tokenHash, nowMs, wallet }) {
      if (findSession.get(tokenHash, userId, nowMs) === undefined) return { type: "session-ended" };
      const { changes } =
        wallet.sequence === 1
          ? insertFirst.run(userId, wallet.body)
          : updateNext.run(wallet.sequence, wallet.body, userId);
      if (changes !== 0) return { type: "replaced" };
      return { type: "conflict", current: selectWallet.get(userId) as WalletRow | undefined };
    },
  };
}

function createVerificationHandlers(
  database: DatabaseSync,
): Pick<CommandHandlers, VerificationCommand> {
  const insertIfUnverified = database.prepare(`
    INSERT INTO verification_tokens (token_hash, user_id, expires_at_ms)
    SELECT ?, user_id, ? FROM accounts WHERE user_id = ? AND verified = 0`);
  const selectUser = database.prepare(
    "SELECT user_id FROM verification_tokens WHERE token_hash = ? AND expires_at_ms > ?",
  );
  const markVerified = database.prepare("UPDATE accounts SET verified = 1 WHERE user_id = ?");
  const deleteTokens = database.prepare("DELETE FROM verification_tokens WHERE user_id = ?");
  const deleteExpired = database.prepare(
    "DELETE FROM verification_tokens WHERE expires_at_ms <= ?",
  );

  return {
    "add-verification-token"({ userId, tokenHash, expiresAtMs }) {
      const { changes } = insertIfUnverified.run(tokenHash, expiresAtMs, userId);
      return { type: changes === 0 ? "already-verified" : "added" };
    },

    "redeem-verification-token"({ tokenHash, nowMs }) {
      const row = selectUser.get(tokenHash, nowMs);
      if (row === undefined) return { type: "unknown-or-expired" };
      const userId = row["user_id"] as number;
      markVerified.run(userId);
      deleteTokens.run(userId);
      return { type: "verified", userId };
    },

    "remove-expired-verification-tokens": ({ nowMs }) => Number(deleteExpired.run(nowMs).changes),
  };
}
