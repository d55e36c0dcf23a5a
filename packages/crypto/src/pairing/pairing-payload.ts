/** What a pairing message holds (P4C-66): everything with which a new device can check what the host then shows it. */
import { type UnlockedAccount, unlockAccount } from "../account/unlocked-account.ts";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { canonicalBytes, parseCanonicalBytes } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { bytesText, list, optional, type Read, record, text } from "../canonical/reader.ts";
import { cannotOpen } from "../crypto-error.ts";
import type { HostOrigin } from "../identifiers.ts";
import { limits } from "../limits.ts";
import { Secret } from "../secret/secret.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { verifyStates } from "../state/verify-states.ts";

const signedState = record("signed state", {
  body: text(limits.stateBytes),
  signature: bytesText(64),
  successorSignature: optional(bytesText(64)),
});
const walletHead = {
  walletId: field.walletId,
  sequence: field.ordinal,
  hash: field.hash,
  generation: field.ordinal,
  epoch: field.ordinal,
};
const shape = {
  v: field.version,
  id: text(320),
  identity: field.hash,
  accountKey: bytesText(32),
  keyring: text(limits.keyringBytes),
  states: list(signedState, limits.states),
  heads: list(record("wallet head", walletHead), limits.heads),
};
const readPayload = record("pairing message", shape);

/** A wallet's newest revision as the sending device knows it. */
export type PairedHead = Read<typeof walletHead>;

/** What one device hands to the other; the new one shows `id` and the identity's fingerprint and waits for a yes. */
export interface PairedAccount {
  /** The account name. */
  readonly id: string;
  readonly account: UnlockedAccount;
  /** All of the account's states, from the first. */
  readonly states: readonly VerifiedState[];
  readonly heads: readonly PairedHead[];
}

export function encodePayload({ id, account, states, heads }: PairedAccount): Uint8Array {
  return canonicalBytes({
    v: 4,
    id,
    identity: account.state.account.identity,
    accountKey: encodeBase64url(account.accountKey.expose()),
    keyring: account.sealedKeyring,
    states: states.map(({ signed }) => ({ ...signed })),
    heads,
  });
}

/**
 * The account of a payload's canonical bytes, with everything verified: states from the first on, for that host, and a
 * keyring that belongs to the newest. Throws `malformed` or `cannot-open`.
 */
export function openPayload(bytes: Uint8Array, host: HostOrigin): PairedAccount {
  const payload = readPayload(parseCanonicalBytes(bytes, limits.pairingBytes));
  const { id, identity, keyring, states: received, heads } = payload;
  const outcome = verifyStates({ received, host, identity });
  if (outcome.type !== "verified") throw cannotOpen();
  const accountKey = new Secret("account-key", parseBase64url(payload.accountKey));
  const account = unlockAccount(outcome.newest, accountKey, keyring);
  return { id, account, states: outcome.fresh, heads };
}
