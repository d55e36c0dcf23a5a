/**
 * The security state (P4C-30): a signed statement of an account's current credentials. States form a chain; `epoch` is the
 * position in it, from 1. The first carries a nonce, every other the hash of its parent.
 */
import { parseCanonical } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import {
  bytesText,
  integer,
  list,
  oneOf,
  optional,
  type Read,
  record,
} from "../canonical/reader.ts";
import { malformed } from "../crypto-error.ts";
import type { PublicKey, WalletId } from "../identifiers.ts";
import { limits } from "../limits.ts";
import type { Signed } from "../signature/signed.ts";
import { slotKinds } from "../slot/slot.ts";

const namedSlot = { slotId: field.slotId, kind: oneOf(...slotKinds), hash: field.hash };
const namedWallet = {
  walletId: field.walletId,
  generation: integer(1, limits.generations),
  closedAt: optional(field.hash),
};

/** A slot as a state names it: by the hash of its text. */
export type NamedSlot = Read<typeof namedSlot>;
/**
 * A wallet as a state names it: its open generation, and the hash of the header that was the wallet's newest when that
 * generation was opened (absent for the first generation, and where there was no revision yet).
 */
export type NamedWallet = Read<typeof namedWallet>;

const shape = {
  v: field.version,
  nonce: optional(field.nonce),
  epoch: integer(1, limits.states),
  parent: optional(field.hash),
  host: field.hostOrigin,
  authorityKey: field.publicKey,
  slots: list(record("key slot", namedSlot), limits.slots),
  keyringHash: field.hash,
  wallets: list(record("wallet", namedWallet), limits.wallets),
  minVersion: integer(4, 1_000_000),
  savedAt: field.timeMs,
};
const readState = record("security state", shape);
/** A key that was parsed strictly before it was stored needs no second look at the curve, which costs most of a state's reading. */
const readStoredState = record("security state", {
  ...shape,
  authorityKey: bytesText<PublicKey>(32),
});

export type SecurityState = Read<typeof shape>;

/** A state as it travels: signed by its parent's authority key (the first by its own); where it names a new key, by that one too. */
export interface SignedState extends Signed {
  /** Absent where the authority key is the parent's, and in the first state. */
  readonly successorSignature?: string;
}

/** A state from its canonical text, checked for what it must hold by itself; throws `malformed`. */
export function parseState(body: string): SecurityState {
  return wholeState(readState(parseCanonical(body, limits.stateBytes)));
}

/** The same from one's own storage, which only parsed states enter. */
export function parseStoredState(body: string): SecurityState {
  return wholeState(readStoredState(parseCanonical(body, limits.stateBytes)));
}

function wholeState(state: SecurityState): SecurityState {
  if (!isWhole(state)) throw malformed("security state");
  return state;
}

function isWhole({ nonce, epoch, parent, slots, wallets }: SecurityState): boolean {
  const isFirst = epoch === 1;
  const kinds = slots.map(({ kind }) => kind);
  return (
    (nonce !== undefined) === isFirst &&
    (parent === undefined) === isFirst &&
    allDiffer(slots.map(({ slotId }) => slotId)) &&
    allDiffer(slots.map(({ hash }) => hash)) &&
    kinds.filter((kind) => kind === "password").length === 1 &&
    kinds.filter((kind) => kind === "recovery").length <= 1 &&
    allDiffer(wallets.map(({ walletId }) => walletId)) &&
    wallets.some(({ walletId }) => walletId === mainWallet) &&
    wallets.every(({ generation, closedAt }) =>
      generation === 1 ? closedAt === undefined : !isFirst,
    )
  );
}

const mainWallet = "default" as WalletId;

function allDiffer(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
