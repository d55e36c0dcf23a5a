/**
 * An account while a device works with it: the durable record, the verified chain, and, while it is unlocked, its keys. It
 * has no rules of its own; the operations beside it have.
 */
import {
  encodeBase64url,
  hashText,
  type HostOrigin,
  loadOpaqueClient,
  type OpaqueClient,
  parseBase64url,
  parseState,
  Secret as Key,
  type SignedState,
  trustStoredState,
  type UnlockedAccount,
  unlockAccount,
  type VerifiedState,
} from "@holdfast/crypto";
import { rememberProtocol4 } from "../../protocol-memory/protocol-memory.ts";
import { Secret } from "../../secret.ts";
import { createHostApi4, type HostApi4 } from "../api/host-api.ts";
import type { AccountPorts } from "./account-ports.ts";
import {
  type AccountRecord,
  formatAccountRecord,
  type NextKey,
  originOf,
  type Refusal4,
  type StoredKey,
} from "./account-record.ts";
import { openLocally, sealLocally } from "./local-box.ts";

const defaultTimeoutMs = 30_000;

export function apiFor(ports: Pick<AccountPorts, "fetch" | "timeoutMs">, url: URL): HostApi4 {
  const { fetch, timeoutMs = defaultTimeoutMs } = ports;
  return createHostApi4({ url, fetch, timeoutMs });
}

export async function opaqueOf({
  loadOpaque = loadOpaqueClient,
}: AccountPorts): Promise<OpaqueClient> {
  return await loadOpaque();
}

export class HeldAccount {
  readonly ports: AccountPorts;
  readonly api: HostApi4;
  readonly origin: HostOrigin;
  #record: AccountRecord;
  #unlocked: UnlockedAccount | null = null;
  #deviceKey: Uint8Array | null = null;
  #states: readonly VerifiedState[] | null = null;
  #remembered: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();

  constructor(ports: AccountPorts, record: AccountRecord) {
    const host = new URL(record.host);
    this.ports = ports;
    this.api = apiFor(ports, host);
    this.origin = originOf(host);
    this.#record = record;
    if (record.key.type === "open") this.#unlocked = this.#unlockedBy(record.key.accountKey);
  }

  get record(): AccountRecord {
    return this.#record;
  }

  /** null: locked. */
  get unlocked(): UnlockedAccount | null {
    return this.#unlocked;
  }

  get token(): Secret | null {
    const { session } = this.#record;
    return session === null ? null : new Secret(session.token);
  }

  /** The account's states from the first to the newest that is known. */
  get states(): readonly VerifiedState[] {
    this.#states ??= trustStates(this.#record.states);
    return this.#states;
  }

  get newest(): VerifiedState {
    const newest = this.states.at(-1);
    if (newest === undefined) throw new TypeError("an account has at least one state");
    return newest;
  }

  /** Puts other things into the record and writes it; what was saved before is on disk before. */
  async save(patch: Partial<AccountRecord>): Promise<void> {
    if (patch.states !== undefined) this.#states = null;
    const isNewSession = patch.session !== undefined && patch.session !== null;
    this.#record = {
      ...this.#record,
      ...(isNewSession && { refusal: undefined }),
      ...patch,
    };
    const record = this.#record;
    const text = formatAccountRecord(record);
    const before = this.#writing;
    const write = async (): Promise<void> => {
      await before.catch(() => undefined);
      await this.rememberUse(record);
      await this.ports.store.saveAccount(text);
    };
    this.#writing = write();
    await this.#writing;
  }

  /**
   * Does one thing after the other: whoever looks at the host's states never sees a change of our own half done, and takes its
   * ended session for somebody else's doing.
   */
  async inTurn<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#turn = promise.then(() => undefined);
    await before;
    try {
      return await work();
    } finally {
      resolve(undefined);
    }
  }

  /** Takes a state of the account over: the record's part of it, to be saved with whatever else changed. */
  adopt(
    unlocked: UnlockedAccount,
    slots: readonly string[],
    states: readonly VerifiedState[],
  ): Partial<AccountRecord> {
    this.#unlocked = unlocked;
    return {
      states: states.map(({ signed }) => signed),
      slots: namedSlots(unlocked.state, slots),
      keyring: unlocked.sealedKeyring,
      key: this.#storedKey(unlocked),
    };
  }

  /** How the new accountKey of a change lies in the record until its fate is known. */
  nextKeyOf(unlocked: UnlockedAccount): NextKey {
    const bytes = unlocked.accountKey.expose();
    switch (this.#record.keep) {
      case "in-memory":
        return { type: "none" };
      case "stored":
        return { type: "open", accountKey: encodeBase64url(bytes) };
      case "passcode":
        if (this.#deviceKey === null) return { type: "none" };
        return {
          type: "sealed",
          accountKey: this.#seal("next-account-key", bytes, this.#deviceKey),
        };
    }
  }

  /** The accountKey of a pending change; null where it cannot be had without the person. */
  openNextKey(next: NextKey): Key<"account-key"> | null {
    switch (next.type) {
      case "none":
        return null;
      case "open":
        return new Key("account-key", parseBase64url(next.accountKey, 32));
      case "sealed": {
        if (this.#deviceKey === null) return null;
        const { identity } = this.#record;
        const box = { key: this.#deviceKey, purpose: "next-account-key", identity } as const;
        const bytes = openLocally(box, next.accountKey);
        return bytes && new Key("account-key", bytes);
      }
    }
  }

  /** From now on the accountKey lies sealed under this device key; null: as it is open in memory only, or in the clear. */
  useDeviceKey(deviceKey: Uint8Array | null): void {
    this.#deviceKey = deviceKey;
  }

  get deviceKey(): Uint8Array | null {
    return this.#deviceKey;
  }

  unlockWith(accountKey: Key<"account-key">): void {
    this.#unlocked = unlockAccount(this.newest, accountKey, this.#record.keyring);
  }

  /** Wipes the keys from memory; the record stays as it is. */
  lock(): void {
    this.#unlocked = null;
    this.#deviceKey = null;
  }

  /** Remembers why the host lets this device go no further (CLI-48); an account that was deleted from here stays that. */
  async noteRefusal(refusal: Refusal4): Promise<void> {
    const { refusal: known } = this.#record;
    if (known === refusal || known === "account-deleted") return;
    await this.save({ refusal });
  }

  /** The host took the session at hand. */
  async noteTaken(): Promise<void> {
    if (this.#record.refusal !== undefined) await this.save({ refusal: undefined });
  }

  /** Forgets keys and session, in memory and on disk (P4K-25). */
  async forget(): Promise<void> {
    this.lock();
    await this.save(forgotten(this.#record));
  }

  /** No way back to protocol 3, before anything else is relied on (P4K-5). */
  async rememberUse(record = this.#record): Promise<void> {
    if (!isInUse(record)) return;
    const { host, id } = record;
    const name = `${host} ${id}`;
    if (this.#remembered === name) return;
    await rememberProtocol4(this.ports.protocolMemory, new URL(host), id);
    this.#remembered = name;
  }

  #storedKey(unlocked: UnlockedAccount): StoredKey {
    const { key, keep } = this.#record;
    const bytes = unlocked.accountKey.expose();
    switch (keep) {
      case "in-memory":
        return { type: "none" };
      case "stored":
        return { type: "open", accountKey: encodeBase64url(bytes) };
      case "passcode":
        // Without the device key it cannot be sealed, and it is never put down in the clear where a passcode was wanted.
        if (this.#deviceKey === null || key.type !== "passcode") return { type: "none" };
        return { ...key, accountKey: this.#seal("account-key", bytes, this.#deviceKey) };
    }
  }

  #seal(purpose: "account-key" | "next-account-key", bytes: Uint8Array, key: Uint8Array): string {
    const { identity } = this.#record;
    return sealLocally({ key, purpose, identity }, bytes, this.ports.randomBytes);
  }

  #unlockedBy(accountKey: string): UnlockedAccount {
    const key = new Key("account-key", parseBase64url(accountKey, 32));
    return unlockAccount(this.newest, key, this.#record.keyring);
  }
}

/** The host had it: what is only about to be made may turn out to be an account of protocol 3, or nobody's. */
function isInUse({ session, pending }: AccountRecord): boolean {
  return session !== null || (pending?.type !== "registration" && pending?.type !== "upgrade");
}

/** A record without keys and session; a change that waits for the host's answer has a key too. */
export function forgotten({
  pending,
  refusal,
}: AccountRecord): Pick<AccountRecord, "session" | "refusal" | "key" | "pending"> {
  return {
    session: null,
    refusal: refusal === "account-deleted" ? refusal : undefined,
    key: { type: "none" },
    pending: withoutKey(pending),
  };
}

export function withoutKey(pending: AccountRecord["pending"]): AccountRecord["pending"] {
  return pending?.type === "change" ? { ...pending, key: { type: "none" } } : pending;
}

/** Those of `slots` that the state names, each once. */
export function namedSlots(state: VerifiedState, slots: readonly string[]): string[] {
  const hashes = new Set(state.slots.map(({ hash }) => hash));
  return [...new Set(slots)].filter((slot) => hashes.has(hashText(slot)));
}

/** States of the record, which only verified ones enter. */
function trustStates(stored: readonly SignedState[]): readonly VerifiedState[] {
  const [first] = stored;
  const nonce = first && parseState(first.body).nonce;
  if (first === undefined || nonce === undefined)
    throw new TypeError("an account's states begin with the first");
  const context = { identity: hashText(first.body), nonce };
  return stored.map((signed) => trustStoredState(signed, context));
}
