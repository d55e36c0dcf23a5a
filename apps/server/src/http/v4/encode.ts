/** Shapes that several answers share. */
import type {
  CreatedAccountAnswer,
  Credentials,
  Revision,
  SessionAnswer,
  WalletHead4,
} from "@holdfast/protocol/protocol-4";
import type { StoredCredentials } from "../../credentials/read-credentials.ts";
import type { SessionGrant } from "../../devices/session-grant.ts";
import type { StoredRevision } from "../../revisions/revision-store.ts";
import type { WalletOverview } from "../../revisions/revisions.ts";

export function encodeSession({ token, sessionId, expiresAtMs }: SessionGrant): SessionAnswer {
  return { token, sessionId, expiresAt: expiresAtMs };
}

export function encodeCreated(created: {
  readonly identity: string;
  readonly session: SessionGrant;
}): CreatedAccountAnswer {
  return { identity: created.identity, session: encodeSession(created.session) };
}

export function encodeCredentials({
  identity,
  states,
  slots,
  keyring,
}: StoredCredentials): Credentials {
  return { identity, states: [...states], slots: [...slots], keyring };
}

export function encodeRevision({ header, encryptedWallet }: StoredRevision): Revision {
  const { body, signature } = header;
  const { buffer, byteOffset, byteLength } = encryptedWallet;
  return {
    header: { body, signature },
    encryptedWallet: Buffer.from(buffer, byteOffset, byteLength).toString("base64url"),
  };
}

export function encodeHead({ walletId, generation, head }: WalletOverview): WalletHead4 {
  if (head === undefined) return { walletId, generation };
  const { sequence, hash, storedAtMs } = head;
  return { walletId, generation, sequence, hash, updatedAt: storedAtMs };
}
