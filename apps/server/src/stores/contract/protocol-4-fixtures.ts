import type { NewHolder, StoredChange, StoredSlot } from "../../credentials/credential-store.ts";
import type { NewDeviceSession } from "../../devices/device-session-store.ts";
import type { AppendedRevisions, StoredHeader } from "../../revisions/revision-store.ts";
import type { Stores } from "../stores.ts";
import { NOW_MS } from "./fixtures.ts";

export function newDeviceSession(
  name: string,
  changes: Partial<NewDeviceSession> = {},
): NewDeviceSession {
  return {
    sessionId: `session ${name}`,
    tokenHash: `token ${name}`,
    deviceId: `device-${name}`,
    name: `Device ${name}`,
    createdAtMs: NOW_MS,
    lastSeenAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 1000,
    ...changes,
  };
}

export function newSlot(kind: StoredSlot["kind"], name: string): StoredSlot {
  const slotId = `${kind} of ${name}`;
  return { slotId, kind, reference: `reference of ${slotId}`, text: `text of ${slotId}` };
}

export function newHolder(name: string, changes: Partial<NewHolder> = {}): NewHolder {
  return {
    id: `${name}@example.org`,
    identity: `identity of ${name}`,
    nonce: `nonce of ${name}`,
    opaque: { credentialId: `credential of ${name}`, record: `record of ${name}` },
    state: { body: `first state of ${name}`, signature: "signature" },
    slots: [newSlot("password", name), newSlot("recovery", name)],
    keyring: `keyring of ${name}`,
    session: newDeviceSession(name),
    ...changes,
  };
}

/** An account of protocol 4 with one live session. */
export async function addHolder(stores: Stores, name: string) {
  const holder = newHolder(name);
  const created = await stores.credentials.create(holder);
  if (created.type !== "created") throw new Error(created.type);
  const { userId } = created;
  return { userId, name, holder, tokenHash: holder.session.tokenHash };
}

export function newHeader(name: string, sequence: number, generation = 1): StoredHeader {
  return {
    sequence,
    hash: `hash ${sequence} of ${name}`,
    body: `header ${sequence} of ${name}`,
    signature: `signature ${sequence}`,
    generation,
    epoch: 1,
    deviceId: "laptop",
  };
}

/** The revision after `head` (0: the first). */
export function newRevisions(
  name: string,
  head: number,
  changes: Partial<AppendedRevisions> = {},
): AppendedRevisions {
  return {
    walletId: "default",
    head: head === 0 ? undefined : `hash ${head} of ${name}`,
    headers: [newHeader(name, head + 1)],
    encryptedWallet: Uint8Array.from([1, 2, 3, head + 1]),
    writerKeys: head === 0 ? [{ generation: 1, key: "writer 1" }] : [],
    keepsPrevious: false,
    ...changes,
  };
}

export function newChange(
  { userId, name, tokenHash }: { userId: number; name: string; tokenHash: string },
  epoch: number,
  changes: Partial<StoredChange> = {},
): StoredChange {
  const signed = { body: `state ${epoch + 1} of ${name}`, signature: `signature ${epoch + 1}` };
  return {
    userId,
    tokenHash,
    nowMs: NOW_MS,
    epoch,
    states: [{ epoch: epoch + 1, signed }],
    keptSlotIds: [`password of ${name}`, `recovery of ${name}`],
    newSlots: [],
    heads: [],
    revisions: [],
    endsSessions: false,
    ...changes,
  };
}
