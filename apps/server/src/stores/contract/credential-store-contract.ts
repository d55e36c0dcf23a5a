import { describe, expect, test } from "vitest";
import { newAccount, newSession, newWallet, NOW_MS } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";
import {
  addHolder,
  newChange,
  newDeviceSession,
  newHolder,
  newRevisions,
  newSlot,
} from "./protocol-4-fixtures.ts";

export function describeCredentialStore(open: OpenForTest): void {
  describe("protocol 4's accounts", () => {
    test("[STORE-40] an account is found by each of its names, with all that it began with", async () => {
      const { credentials, devices } = await open();
      const holder = newHolder("ann", {
        state: { body: "b", signature: "s", successorSignature: "t" },
      });
      const created = await credentials.create(holder);
      const userId = created.type === "created" ? created.userId : 0;
      const { id, identity, nonce, opaque, keyring } = holder;
      const kept = { userId, id, identity, nonce, epoch: 1, opaque, keyring };
      expect(await credentials.find(userId)).toEqual(kept);
      expect(await credentials.findById(" ANN@example.ORG")).toEqual(kept);
      expect(await credentials.findByIdentity(identity)).toEqual(kept);
      expect(await credentials.findByRecovery("reference of recovery of ann")).toEqual(kept);
      expect(await credentials.findByRecovery("reference of password of ann")).toBeUndefined();
      expect(await credentials.states(userId, 0)).toEqual([{ epoch: 1, signed: holder.state }]);
      expect(await credentials.slots(userId)).toEqual(holder.slots);
      expect(await devices.find("token ann", NOW_MS)).toEqual({ ...holder.session, userId });
      expect(await credentials.find(userId + 1)).toBeUndefined();
      expect(await credentials.findById("bob@example.org")).toBeUndefined();
    });

    test("[STORE-41] addresses are unique across protocols; one that was never verified makes room", async () => {
      const stores = await open();
      const { accounts, credentials, verification } = stores;
      await addHolder(stores, "ann");
      expect(await accounts.create(newAccount("ANN@example.org"))).toEqual({ type: "email-taken" });
      expect(await accounts.findByEmail("ann@example.org")).toBeUndefined();
      await accounts.create(newAccount("bob@example.org"));
      const bob = newHolder("bob");
      expect(await credentials.create(bob)).toEqual({ type: "id-taken" });
      expect(await credentials.isTaken("BOB@example.org")).toBe(true);

      const squatter = newAccount("carl@example.org", {
        verified: false,
        verification: { tokenHash: "mailed", expiresAtMs: NOW_MS + 1 },
      });
      await accounts.create(squatter);
      expect(await credentials.isTaken("carl@example.org")).toBe(false);
      expect(await credentials.create(newHolder("carl"))).toMatchObject({ type: "created" });
      expect(await accounts.findByEmail("carl@example.org")).toBeUndefined();
      expect(await verification.redeem("mailed", NOW_MS)).toEqual({ type: "unknown-or-expired" });
    });

    test("[STORE-42] identities and recovery references are unique", async () => {
      const stores = await open();
      const ann = await addHolder(stores, "ann");
      const { credentials } = stores;
      const copy = newHolder("bob", { identity: ann.holder.identity });
      expect(await credentials.create(copy)).toEqual({ type: "identity-taken" });
      const samePhrase = newHolder("bob", { slots: [newSlot("recovery", "ann")] });
      expect(await credentials.create(samePhrase)).toEqual({ type: "identity-taken" });
      expect(await credentials.findById("bob@example.org")).toBeUndefined();
      const bob = await addHolder(stores, "bob");
      const taking = newChange(bob, 1, { newSlots: [newSlot("recovery", "ann")] });
      expect(await credentials.change(taking)).toEqual({ type: "identity-taken" });
      expect(await credentials.states(bob.userId, 1)).toEqual([]);
    });

    test("[STORE-43] a change of credentials replaces exactly what it names, all at once", async () => {
      const stores = await open();
      const { credentials, devices, revisions } = stores;
      const ann = await addHolder(stores, "ann");
      const bob = await addHolder(stores, "bob");
      const { userId } = ann;
      await devices.create({ userId, epoch: 1, session: newDeviceSession("phone") });
      const session = newDeviceSession("again", { deviceId: "device-ann" });
      const opaque = { credentialId: "next credential", record: "next record" };
      const change = newChange(ann, 1, {
        keptSlotIds: ["recovery of ann"],
        newSlots: [newSlot("passkey", "ann")],
        keyring: "next keyring",
        opaque,
        revisions: [newRevisions("ann", 0)],
        endsSessions: true,
        session,
      });
      expect(await credentials.change(change)).toEqual({ type: "changed" });
      expect(await credentials.find(userId)).toMatchObject({
        epoch: 2,
        keyring: "next keyring",
        opaque,
      });
      expect(await credentials.states(userId, 1)).toEqual(change.states);
      const slots = [newSlot("recovery", "ann"), newSlot("passkey", "ann")];
      expect(await credentials.slots(userId)).toEqual(slots);
      expect((await revisions.head(userId, "default"))?.sequence).toBe(1);
      expect(await devices.list(userId, NOW_MS)).toEqual([{ ...session, userId }]);
      expect(await devices.find(bob.tokenHash, NOW_MS)).toMatchObject({ userId: bob.userId });

      const small = newChange({ ...ann, tokenHash: session.tokenHash }, 2, {
        keptSlotIds: slots.map(({ slotId }) => slotId),
      });
      expect(await credentials.change(small)).toEqual({ type: "changed" });
      expect(await credentials.find(userId)).toMatchObject({ epoch: 3, opaque });
      expect(await devices.find(session.tokenHash, NOW_MS)).toMatchObject({ userId });

      const healed = newChange(ann, 3, { endsSessions: true });
      const change3 = { ...healed, tokenHash: undefined };
      expect(await credentials.change(change3)).toEqual({ type: "changed" });
      expect(await devices.list(userId, NOW_MS)).toEqual([]);
    });

    test("[STORE-44] a change that was checked against something else is refused and changes nothing", async () => {
      const stores = await open();
      const { credentials, revisions } = stores;
      const ann = await addHolder(stores, "ann");
      const { userId, tokenHash } = ann;
      const head = newRevisions("ann", 0);
      await revisions.append({ userId, tokenHash, nowMs: NOW_MS, epoch: 1, revisions: head });
      const stale = { type: "stale" };
      const at = (hash: string | undefined) => ({ heads: [{ walletId: "default", hash }] });
      expect(await credentials.change(newChange(ann, 2))).toEqual(stale);
      expect(await credentials.change(newChange(ann, 1, at(undefined)))).toEqual(stale);
      expect(await credentials.change(newChange(ann, 1, at("other")))).toEqual(stale);
      const overtaken = { revisions: [newRevisions("ann", 0)] };
      expect(await credentials.change(newChange(ann, 1, overtaken))).toEqual(stale);
      const ended = { type: "session-ended" };
      expect(await credentials.change({ ...newChange(ann, 1), tokenHash: "other" })).toEqual(ended);
      const late = { ...newChange(ann, 1), nowMs: NOW_MS + 1000 };
      expect(await credentials.change(late)).toEqual(ended);
      expect(await credentials.find(userId)).toMatchObject({ epoch: 1 });
      const fits = newChange(ann, 1, at("hash 1 of ann"));
      expect(await credentials.change(fits)).toEqual({ type: "changed" });
    });

    test("[STORE-44] of racing changes exactly one wins", async () => {
      const stores = await open();
      const ann = await addHolder(stores, "ann");
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          stores.credentials.change(newChange(ann, 1, { keyring: `keyring ${index}` })),
        ),
      );
      expect(outcomes.filter(({ type }) => type === "changed")).toHaveLength(1);
      expect(await stores.credentials.states(ann.userId, 0)).toHaveLength(2);
    });

    test("[STORE-45] an address changes unless another account holds it", async () => {
      const stores = await open();
      const { credentials, accounts } = stores;
      const { userId, tokenHash } = await addHolder(stores, "ann");
      const by = { userId, tokenHash, nowMs: NOW_MS };
      await addHolder(stores, "bob");
      await accounts.create(newAccount("carl@example.org", { verified: false }));
      expect(await credentials.changeId(by, "Bob@example.org")).toEqual({ type: "id-taken" });
      expect(await credentials.changeId(by, "ANN@example.org")).toEqual({ type: "changed" });
      expect(await credentials.changeId(by, "carl@example.org")).toEqual({ type: "changed" });
      expect(await credentials.find(userId)).toMatchObject({ id: "carl@example.org" });
      expect(await credentials.findById("ann@example.org")).toBeUndefined();
      expect(await accounts.findByEmail("carl@example.org")).toBeUndefined();
      await addHolder(stores, "ann 2");
    });

    test("[STORE-46] removing an account removes all that it has and no other", async () => {
      const stores = await open();
      const { credentials, devices, revisions, secondFactors } = stores;
      const ann = await addHolder(stores, "ann");
      const bob = await addHolder(stores, "bob");
      for (const { userId, tokenHash, name } of [ann, bob]) {
        const appended = newRevisions(name, 0);
        await revisions.append({ userId, tokenHash, nowMs: NOW_MS, epoch: 1, revisions: appended });
        const by = { userId, tokenHash, nowMs: NOW_MS };
        await secondFactors.enable({ by, sealedSecret: "s", step: 1, codeHashes: ["a"] });
      }
      const { userId, tokenHash } = ann;
      const removed = await credentials.remove({ userId, tokenHash, nowMs: NOW_MS });
      expect(removed).toEqual({ type: "removed" });
      expect(await credentials.findById("ann@example.org")).toBeUndefined();
      expect(await devices.find(ann.tokenHash, NOW_MS)).toBeUndefined();
      expect(await revisions.newest(ann.userId, "default")).toBeUndefined();
      expect(await secondFactors.find(ann.userId)).toBeUndefined();
      expect(await revisions.newest(bob.userId, "default")).toBeDefined();
      expect(await secondFactors.find(bob.userId)).toBeDefined();
      const again = await addHolder(stores, "ann");
      expect(again.userId).not.toBe(ann.userId);
    });

    test("[STORE-47] an upgrade turns the account over in one go, and nothing of protocol 3 stays", async () => {
      const { accounts, sessions, wallets, credentials, revisions, devices } = await open();
      const created = await accounts.create(newAccount("ann@example.org"));
      const userId = created.type === "created" ? created.userId : 0;
      await sessions.create(newSession(userId));
      const tokenHash = `token of ${userId}`;
      await wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet: newWallet(1) });
      // Asked for before as well, so that a cache has something to forget.
      expect(await sessions.find(tokenHash, NOW_MS)).toBeDefined();
      expect(await wallets.newest(userId)).toBeDefined();
      const { id: _, ...holder } = newHolder("ann");
      const upgrade = {
        userId,
        credentialVersion: 1,
        base: { sequence: 1, hmac: "hmac 1" },
        nowMs: NOW_MS,
        holder,
        revisions: newRevisions("ann", 0),
      };
      const conflict = { type: "base-conflict" };
      expect(await credentials.upgrade({ ...upgrade, base: undefined })).toEqual(conflict);
      const otherBase = { sequence: 1, hmac: "hmac 2" };
      expect(await credentials.upgrade({ ...upgrade, base: otherBase })).toEqual(conflict);
      expect(await credentials.upgrade({ ...upgrade, credentialVersion: 2 })).toEqual({
        type: "credentials-changed",
      });
      expect(await accounts.isUpgraded("ann@example.org")).toBe(false);
      expect(await accounts.findByEmail("ann@example.org")).toMatchObject({ userId });

      expect(await credentials.upgrade(upgrade)).toEqual({ type: "upgraded" });
      expect(await accounts.findByEmail("ann@example.org")).toBeUndefined();
      expect(await accounts.isUpgraded("ANN@example.org")).toBe(true);
      expect(await sessions.find(tokenHash, NOW_MS)).toBeUndefined();
      expect(await wallets.newest(userId)).toBeUndefined();
      const late = { userId, tokenHash, nowMs: NOW_MS, wallet: newWallet(2) };
      expect(await wallets.replace(late)).toEqual({ type: "session-ended" });
      expect(await sessions.create(newSession(userId))).toEqual({ type: "credentials-changed" });
      expect(await credentials.findById("ann@example.org")).toMatchObject({ userId, epoch: 1 });
      expect(await devices.find(holder.session.tokenHash, NOW_MS)).toMatchObject({ userId });
      expect((await revisions.newest(userId, "default"))?.header.sequence).toBe(1);
      expect(await credentials.upgrade(upgrade)).toEqual({ type: "credentials-changed" });
    });
  });
}
