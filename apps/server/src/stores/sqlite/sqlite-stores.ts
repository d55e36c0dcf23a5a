/** The stores over SQLite: reads on this thread through a connection of their own, writes through the queue. */
import type { DatabaseSync } from "node:sqlite";
import type { AccountStore } from "../../accounts/account-store.ts";
import { emailKey } from "../../accounts/email-key.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import type { VerificationStore } from "../../verification/verification-store.ts";
import { encodeWallet } from "../../wallets/encode-wallet.ts";
import type { StoredWallet, WalletStore } from "../../wallets/wallet-store.ts";
import type { Stores } from "../stores.ts";
import type { WalletRow } from "./commands.ts";
import { decodeDeviceId } from "./device-id.ts";
import { createStores4 } from "./protocol-4/stores-4.ts";
import type { WriteQueue } from "./write-queue.ts";

export function createSqliteStores(reader: DatabaseSync, writes: WriteQueue): Stores {
  return {
    accounts: createAccountStore(reader, writes),
    sessions: createSessionStore(reader, writes),
    wallets: createWalletStore(reader, writes),
    verification: createVerificationStore(writes),
    ...createStores4(reader, writes),
  };
}

function createAccountStore(reader: DatabaseSync, writes: WriteQueue): AccountStore {
  const selectByEmail = reader.prepare(`
    SELECT user_id AS userId, email, verified, credential_version AS credentialVersion,
      password_hash AS passwordHash, client_salt_seed AS clientSaltSeed
    FROM accounts JOIN password_credentials USING (user_id) WHERE email_key = ?`);
  const selectUpgraded = reader.prepare(`
    SELECT 1 FROM accounts JOIN holders USING (user_id) WHERE email_key = ? AND upgraded = 1`);

  return {
    create: (account) =>
      writes.submit({ type: "create-account", account, emailKey: emailKey(account.email) }),

    async findByEmail(email) {
      const row = selectByEmail.get(emailKey(email)) as AccountRow | undefined;
      return row === undefined ? undefined : { ...row, verified: row.verified === 1 };
    },

    async isUpgraded(email) {
      return selectUpgraded.get(emailKey(email)) !== undefined;
    },

    async changePassword({ wallet, ...change }) {
      const next = wallet === undefined ? undefined : encodeWallet(wallet);
      const outcome = await writes.submit({ type: "change-password", ...change, wallet: next });
      if (outcome.type === "changed") return { type: outcome.type, wallet: next };
      if (outcome.type === "credentials-changed") return outcome;
      if (outcome.type === "bad-sequence") {
        return { type: outcome.type, current: fromRow(outcome.current) };
      }
      return { type: outcome.type, current: fromRow(outcome.current) };
    },
  };
}

interface AccountRow {
  readonly userId: number;
  readonly email: string;
  readonly verified: 0 | 1;
  readonly credentialVersion: number;
  readonly passwordHash: string;
  readonly clientSaltSeed: string;
}

function createSessionStore(reader: DatabaseSync, writes: WriteQueue): SessionStore {
  const selectSession = reader.prepare(`
    SELECT user_id AS userId, device_id AS deviceId, expires_at_ms AS expiresAtMs
    FROM sessions WHERE token_hash = ? AND expires_at_ms > ?`);

  return {
    create: (session) => writes.submit({ type: "create-session", session }),

    find(tokenHash, nowMs) {
      const row = selectSession.get(tokenHash, nowMs) as SessionRow | undefined;
      if (row === undefined) return undefined;
      return { ...row, deviceId: decodeDeviceId(row.deviceId), tokenHash };
    },

    removeExpired: (nowMs) => writes.submit({ type: "remove-expired-sessions", nowMs }),
  };
}

interface SessionRow {
  readonly userId: number;
  readonly deviceId: string;
  readonly expiresAtMs: number;
}

function createWalletStore(reader: DatabaseSync, writes: WriteQueue): WalletStore {
  const selectWallet = reader.prepare("SELECT sequence, body FROM wallets WHERE user_id = ?");

  return {
    newest(userId) {
      return fromRow(selectWallet.get(userId) as WalletRow | undefined);
    },

    async replace({ wallet, ...request }) {
      const next = encodeWallet(wallet);
      const outcome = await writes.submit({ type: "replace-wallet", ...request, wallet: next });
      if (outcome.type === "replaced") return { type: outcome.type, wallet: next };
      if (outcome.type === "session-ended") return outcome;
      return { type: outcome.type, current: fromRow(outcome.current) };
    },
  };
}

function createVerificationStore(writes: WriteQueue): VerificationStore {
  return {
    add: (token) => writes.submit({ type: "add-verification-token", ...token }),
    redeem: (tokenHash, nowMs) =>
      writes.submit({ type: "redeem-verification-token", tokenHash, nowMs }),
    removeExpired: (nowMs) => writes.submit({ type: "remove-expired-verification-tokens", nowMs }),
  };
}

/** A row as the domain knows it; the bytes are not copied. */
function fromRow<Row extends WalletRow | undefined>(
  row: Row,
): StoredWallet | Extract<Row, undefined> {
  if (row === undefined) return undefined as Extract<Row, undefined>;
  const { sequence, body } = row;
  return { sequence, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
}
