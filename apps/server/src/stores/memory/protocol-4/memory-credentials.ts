import { emailKey } from "../../../accounts/email-key.ts";
import type {
  CredentialStore,
  NewHolder,
  StoredSlot,
} from "../../../credentials/credential-store.ts";
import { type Memory, type MemoryHolder, removeWhere } from "../memory.ts";
import { addSession, isSessionOf, mayWrite } from "./memory-devices.ts";
import { appendRevisions, findTooMuch, headHash } from "./memory-revisions.ts";

export function createMemoryCredentials(memory: Memory): CredentialStore {
  const holders = (): MemoryHolder[] => [...memory.holders.values()];

  function ownerOf(
    id: string,
  ): { readonly userId: number; readonly isVerified: boolean } | undefined {
    const key = emailKey(id);
    const holder = holders().find((one) => emailKey(one.holder.id) === key)?.holder;
    if (holder !== undefined) return { userId: holder.userId, isVerified: true };
    const account = [...memory.accounts.values()].find((one) => emailKey(one.email) === key);
    return account && { userId: account.userId, isVerified: account.verified };
  }

  function isTaken(userId: number, identity: string | undefined, slots: readonly StoredSlot[]) {
    const references = slots.filter(({ kind }) => kind === "recovery").map((one) => one.reference);
    return holders().some(
      (one) =>
        one.holder.identity === identity ||
        (one.holder.userId !== userId &&
          one.slots.some(
            (slot) => slot.kind === "recovery" && references.includes(slot.reference),
          )),
    );
  }

  function addHolder(userId: number, holder: NewHolder, isUpgraded: boolean): void {
    const { id, identity, nonce, opaque, keyring, state, slots, session } = holder;
    memory.holders.set(userId, {
      holder: { userId, id, identity, nonce, epoch: 1, opaque, keyring },
      isUpgraded,
      states: [{ epoch: 1, signed: state }],
      slots,
      wallets: new Map(),
      secondFactor: undefined,
    });
    addSession(memory, userId, session);
  }

  function forgetProtocol3(userId: number): void {
    memory.accounts.delete(userId);
    memory.wallets.delete(userId);
    removeWhere(memory.sessions, (session) => session.userId === userId);
    removeWhere(memory.verificationTokens, (token) => token.userId === userId);
  }

  return {
    async create(holder) {
      const owner = ownerOf(holder.id);
      if (owner?.isVerified === true) return { type: "id-taken" };
      if (isTaken(0, holder.identity, holder.slots)) return { type: "identity-taken" };
      if (owner !== undefined) forgetProtocol3(owner.userId);
      const userId = (memory.users += 1);
      addHolder(userId, holder, false);
      return { type: "created", userId };
    },
    async find(userId) {
      return memory.holders.get(userId)?.holder;
    },
    async findById(id) {
      const key = emailKey(id);
      return holders().find(({ holder }) => emailKey(holder.id) === key)?.holder;
    },
    async findByIdentity(identity) {
      return holders().find(({ holder }) => holder.identity === identity)?.holder;
    },
    async findByRecovery(reference) {
      return holders().find(({ slots }) =>
        slots.some((slot) => slot.kind === "recovery" && slot.reference === reference),
      )?.holder;
    },
    async states(userId, afterEpoch) {
      return memory.holders.get(userId)?.states.slice(afterEpoch) ?? [];
    },
    async slots(userId) {
      return memory.holders.get(userId)?.slots ?? [];
    },

    async change(change) {
      const { userId, tokenHash, nowMs, epoch, heads, session } = change;
      const held = memory.holders.get(userId);
      const isAlive = tokenHash === undefined || isSessionOf(memory, userId, tokenHash, nowMs);
      if (held === undefined || !isAlive) return { type: "session-ended" };
      const isCurrent =
        held.holder.epoch === epoch &&
        heads.every(({ walletId, hash }) => headHash(memory, userId, walletId) === hash) &&
        change.revisions.every(({ walletId, head }) => headHash(memory, userId, walletId) === head);
      if (!isCurrent) return { type: "stale" };
      if (isTaken(userId, undefined, change.newSlots)) return { type: "identity-taken" };
      const tooMuch = findTooMuch(memory, userId, change.revisions, change.maxBytes);
      if (tooMuch !== undefined) return tooMuch;

      held.states.push(...change.states);
      const kept = held.slots.filter(({ slotId }) => change.keptSlotIds.includes(slotId));
      held.slots = [...kept, ...change.newSlots];
      held.holder = {
        ...held.holder,
        epoch: change.states.at(-1)?.epoch ?? epoch,
        keyring: change.keyring ?? held.holder.keyring,
        opaque: change.opaque ?? held.holder.opaque,
      };
      for (const revisions of change.revisions) appendRevisions(memory, userId, revisions, nowMs);
      if (change.endsSessions) {
        removeWhere(memory.deviceSessions, (one) => one.userId === userId);
      }
      if (session !== undefined) addSession(memory, userId, session);
      return { type: "changed" };
    },

    async changeId(by, id) {
      if (!mayWrite(memory, by)) return { type: "session-ended" };
      const { userId } = by;
      const owner = ownerOf(id);
      if (owner !== undefined && owner.userId !== userId) {
        if (owner.isVerified) return { type: "id-taken" };
        forgetProtocol3(owner.userId);
      }
      const held = memory.holders.get(userId);
      if (held !== undefined) held.holder = { ...held.holder, id };
      return { type: "changed" };
    },
    async isTaken(id) {
      return ownerOf(id)?.isVerified === true;
    },
    async remove(by) {
      if (!mayWrite(memory, by)) return { type: "session-ended" };
      const { userId } = by;
      memory.holders.delete(userId);
      removeWhere(memory.deviceSessions, (session) => session.userId === userId);
      return { type: "removed" };
    },

    async upgrade({ userId, credentialVersion, base, nowMs, holder, revisions }) {
      const account = memory.accounts.get(userId);
      if (account?.credentialVersion !== credentialVersion) return { type: "credentials-changed" };
      const body = memory.wallets.get(userId)?.body.toString("utf8");
      const stored =
        body === undefined
          ? undefined
          : (JSON.parse(body) as { readonly sequence: number; readonly hmac: string });
      if (stored?.sequence !== base?.sequence || stored?.hmac !== base?.hmac) {
        return { type: "base-conflict" };
      }
      if (isTaken(userId, holder.identity, holder.slots)) return { type: "identity-taken" };
      forgetProtocol3(userId);
      addHolder(userId, { ...holder, id: account.email }, true);
      if (revisions !== undefined) appendRevisions(memory, userId, revisions, nowMs);
      return { type: "upgraded" };
    },
  };
}
