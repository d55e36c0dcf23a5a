/**
 * What a device remembers of one account of protocol 4 (P4K-10), as one versioned JSON text: written whole, so that a crash
 * leaves the old one or the new one. Only what was verified enters it.
 *
 * While the account is open without a passcode, **this text opens the account**: whoever stores it keeps it from others.
 */
import type { Hash, HostOrigin, SignedState, WalletId } from "@holdfast/crypto";
import {
  finishAccountRequest,
  putCredentialsRequest,
  upgradeRequest,
} from "@holdfast/protocol/protocol-4";
import { z } from "zod";
import { readVersionedJson, type Damaged } from "../../versioned-json.ts";

const version = 1;
const text = z.string();
const position = z.int().min(1);

const signedState = z.strictObject({
  body: text,
  signature: text,
  successorSignature: text.optional(),
});
const session = z.strictObject({ token: text, sessionId: text, expiresAt: z.int() });
const walletMemory = z.strictObject({
  sequence: position,
  hash: text,
  generation: position,
  epoch: position,
  /** the revision of protocol 3 that this wallet continues */
  upgradedFrom: z.strictObject({ sequence: position, hash: text }).optional(),
});
const storedKey = z.discriminatedUnion("type", [
  /** only in memory: after a restart the person logs in */
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("open"), accountKey: text }),
  /** `deviceKey` sealed under the passcode, `accountKey` under the device key */
  z.strictObject({
    type: z.literal("passcode"),
    salt: text,
    passes: position,
    memoryKib: position,
    deviceKey: text,
    accountKey: text,
  }),
]);
const nextKey = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("open"), accountKey: text }),
  z.strictObject({ type: z.literal("sealed"), accountKey: text }),
]);

const pending = z.discriminatedUnion("type", [
  /** sent, or about to be; `isMailed`: the host waits for a code that it mailed */
  z.strictObject({
    type: z.literal("registration"),
    request: finishAccountRequest,
    isMailed: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("upgrade"),
    request: upgradeRequest.omit({ loginPassword: true }),
  }),
  /** a change of credentials whose fate is not known; `slots`, `keyring`: all of them, as the new state names them */
  z.strictObject({
    type: z.literal("change"),
    request: putCredentialsRequest,
    hash: text,
    slots: z.array(text),
    keyring: text,
    key: nextKey,
  }),
]);

const schema = z.strictObject({
  version: z.literal(version),
  /** the host's address */
  host: z.url(),
  id: text,
  identity: text,
  deviceId: text,
  deviceName: text,
  /** the account's chain from the first state to the newest that is known */
  states: z.array(signedState).min(1),
  /** slots that the newest state names, as far as they were seen: the recovery slot opens a local copy without any host */
  slots: z.array(text),
  keyring: text,
  wallets: z.record(text, walletMemory),
  /** wallets whose newest revision is in a generation that was closed, to be pushed again */
  toRenew: z.array(text),
  session: session.nullable(),
  /** why the host last let this device go no further; gone with the next session it opens, or anything it then answers */
  refusal: z.enum(["session-ended", "keys-refused", "account-deleted"]).optional(),
  /** how the accountKey is to lie on this device; `passcode`: never without */
  keep: z.enum(["stored", "in-memory", "passcode"]),
  key: storedKey,
  pending: pending.nullable(),
});

type Fields = z.output<typeof schema>;
export type StoredKey = Fields["key"];
export type Refusal4 = NonNullable<Fields["refusal"]>;
export type NextKey = z.output<typeof nextKey>;
export type PendingChange = Extract<z.output<typeof pending>, { type: "change" }>;

/** A wallet's newest revision, as this device saw it. */
export type WalletMemory = {
  readonly sequence: number;
  readonly hash: Hash;
  readonly generation: number;
  readonly epoch: number;
  readonly upgradedFrom?: { readonly sequence: number; readonly hash: string } | undefined;
};

export type AccountRecord = Readonly<
  Omit<Fields, "identity" | "states" | "wallets" | "toRenew"> & {
    identity: Hash;
    states: readonly SignedState[];
    wallets: Readonly<Record<string, WalletMemory>>;
    toRenew: readonly WalletId[];
  }
>;

export type ParseAccountOutcome =
  { readonly type: "account"; readonly record: AccountRecord } | Damaged;

export const accountRecordVersion = version;

export function formatAccountRecord(record: AccountRecord): string {
  return JSON.stringify(record);
}

/** Reads what `formatAccountRecord` wrote. */
export function parseAccountRecord(stored: string): ParseAccountOutcome {
  const read = readVersionedJson(stored, { version, schema, what: "no account" });
  return read.type === "read"
    ? { type: "account", record: read.value as unknown as AccountRecord }
    : read;
}

/** The origin of a host's address: what states, requests and logins name. It is always that of the client's own connection. */
export function originOf(host: URL): HostOrigin {
  return host.origin as HostOrigin;
}
