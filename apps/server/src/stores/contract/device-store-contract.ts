import { describe, expect, test } from "vitest";
import { NOW_MS } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";
import { addHolder, newChange, newDeviceSession } from "./protocol-4-fixtures.ts";

export function describeDeviceStores(open: OpenForTest): void {
  describe("protocol 4's sessions", () => {
    test("[STORE-60] an account has one session per device; a new one replaces it and says which", async () => {
      const stores = await open();
      const { devices } = stores;
      const { userId } = await addHolder(stores, "ann");
      const phone = newDeviceSession("phone");
      const none = { type: "created", replaced: undefined };
      expect(await devices.create({ userId, epoch: 1, session: phone })).toEqual(none);
      const again = newDeviceSession("again", { deviceId: phone.deviceId });
      expect(await devices.create({ userId, epoch: 1, session: again })).toEqual({
        type: "created",
        replaced: phone.sessionId,
      });
      expect(await devices.find(phone.tokenHash, NOW_MS)).toBeUndefined();
      const listed = await devices.list(userId, NOW_MS);
      expect(listed.map(({ name }) => name)).toEqual(["Device ann", "Device again"]);
    });

    test("[STORE-61] a session begun under other credentials is refused", async () => {
      const stores = await open();
      const ann = await addHolder(stores, "ann");
      const { userId } = ann;
      const session = newDeviceSession("late");
      const refused = { type: "credentials-changed" };
      await stores.credentials.change(newChange(ann, 1));
      expect(await stores.devices.create({ userId, epoch: 1, session })).toEqual(refused);
      expect(await stores.devices.create({ userId: 99, epoch: 1, session })).toEqual(refused);
      expect(await stores.devices.find(session.tokenHash, NOW_MS)).toBeUndefined();
    });

    test("[STORE-62] a session ends in its millisecond, which use moves while it lives", async () => {
      const stores = await open();
      const { devices } = stores;
      const { userId, tokenHash } = await addHolder(stores, "ann");
      expect(await devices.find(tokenHash, NOW_MS + 999)).toMatchObject({ userId });
      const touch = { tokenHash, nowMs: NOW_MS + 500, expiresAtMs: NOW_MS + 5000 };
      await devices.touch(touch);
      expect(await devices.find(tokenHash, NOW_MS + 4999)).toMatchObject({
        lastSeenAtMs: NOW_MS + 500,
        expiresAtMs: NOW_MS + 5000,
      });
      expect(await devices.find(tokenHash, NOW_MS + 5000)).toBeUndefined();
      expect(await devices.list(userId, NOW_MS + 5000)).toEqual([]);
      await devices.touch({ tokenHash, nowMs: NOW_MS + 5000, expiresAtMs: NOW_MS + 9000 });
      expect(await devices.find(tokenHash, NOW_MS + 5000)).toBeUndefined();
      expect(await devices.removeExpired(NOW_MS + 5000)).toBe(1);
      expect(await devices.removeExpired(NOW_MS + 5000)).toBe(0);
    });

    test("[STORE-63] ending a session ends it alone, and only its own account's", async () => {
      const stores = await open();
      const { devices } = stores;
      const ann = await addHolder(stores, "ann");
      const bob = await addHolder(stores, "bob");
      expect(await devices.end(bob.userId, "session ann")).toBe(false);
      expect(await devices.end(ann.userId, "session ann")).toBe(true);
      expect(await devices.end(ann.userId, "session ann")).toBe(false);
      expect(await devices.find(bob.tokenHash, NOW_MS)).toBeDefined();
    });

    test("[STORE-64] what a session asked for is written only while it lives, by its own account's alone", async () => {
      const stores = await open();
      const { credentials, devices, secondFactors } = stores;
      const ann = await addHolder(stores, "ann");
      const bob = await addHolder(stores, "bob");
      const session = newDeviceSession("ann's phone");
      await devices.create({ userId: ann.userId, epoch: 1, session });
      const live = { userId: ann.userId, tokenHash: ann.tokenHash, nowMs: NOW_MS };
      const factor = { sealedSecret: "s", step: 1, codeHashes: [] };
      const ended = { type: "session-ended" };
      const stale = [
        { ...live, nowMs: NOW_MS + 1000 },
        { ...live, tokenHash: bob.tokenHash },
        { ...live, tokenHash: "unknown" },
      ];
      for (const by of stale) {
        expect(await devices.endOther(by, session.sessionId)).toEqual(ended);
        expect(await credentials.changeId(by, "new@example.org")).toEqual(ended);
        expect(await credentials.remove(by)).toEqual(ended);
        expect(await secondFactors.enable({ by, ...factor })).toEqual(ended);
      }
      await secondFactors.enable({ by: live, ...factor });
      for (const by of stale) {
        expect(await secondFactors.disable(by)).toEqual(ended);
        expect(await secondFactors.replaceCodes(by, ["c"])).toEqual(ended);
      }
      expect(await secondFactors.find(ann.userId)).toMatchObject({ codesLeft: 0 });
      expect((await credentials.find(ann.userId))?.id).toBe("ann@example.org");
      expect(await devices.endOther(live, "session bob")).toEqual({ type: "unknown-session" });
      expect(await devices.endOther(live, session.sessionId)).toEqual({ type: "ended" });
      expect(await devices.find(session.tokenHash, NOW_MS)).toBeUndefined();
      expect(await devices.find(bob.tokenHash, NOW_MS)).toBeDefined();
    });
  });

  describe("second factors and host facts", () => {
    test("[STORE-70] a second factor goes on once, and off with its codes", async () => {
      const stores = await open();
      const { secondFactors } = stores;
      const { userId, tokenHash } = await addHolder(stores, "ann");
      expect(await secondFactors.find(userId)).toBeUndefined();
      const by = { userId, tokenHash, nowMs: NOW_MS };
      const factor = { by, sealedSecret: "sealed", step: 7, codeHashes: ["a", "b"] };
      expect(await secondFactors.enable(factor)).toEqual({ type: "enabled" });
      expect(await secondFactors.enable(factor)).toEqual({ type: "on-already" });
      const found = { sealedSecret: "sealed", lastStep: 7, codesLeft: 2 };
      expect(await secondFactors.find(userId)).toEqual(found);
      expect(await secondFactors.disable(by)).toEqual({ type: "done" });
      expect(await secondFactors.disable(by)).toEqual({ type: "off" });
      await secondFactors.enable({ ...factor, codeHashes: [] });
      expect((await secondFactors.find(userId))?.codesLeft).toBe(0);
    });

    test("[STORE-71] a time step and a code serve once, also when they race", async () => {
      const stores = await open();
      const { secondFactors } = stores;
      const { userId, tokenHash } = await addHolder(stores, "ann");
      const by = { userId, tokenHash, nowMs: NOW_MS };
      expect(await secondFactors.replaceCodes(by, ["c"])).toEqual({ type: "off" });
      await secondFactors.enable({ by, sealedSecret: "s", step: 7, codeHashes: ["a", "b"] });
      const steps = await Promise.all([8, 8, 8].map((step) => secondFactors.useStep(userId, step)));
      expect(steps.filter(Boolean)).toHaveLength(1);
      expect(await secondFactors.useStep(userId, 7)).toBe(false);
      const codes = await Promise.all(
        ["a", "a"].map((code) => secondFactors.useCode(userId, code)),
      );
      expect(codes.filter(Boolean)).toHaveLength(1);
      expect(await secondFactors.useCode(userId, "c")).toBe(false);
      expect(await secondFactors.replaceCodes(by, ["c"])).toEqual({ type: "done" });
      expect(await secondFactors.useCode(userId, "b")).toBe(false);
      expect(await secondFactors.useCode(userId, "c")).toBe(true);
    });

    test("[STORE-72] the first value of a host fact stays", async () => {
      const { hostFacts } = await open();
      expect(await hostFacts.find("name")).toBeUndefined();
      expect(await hostFacts.remember("name", "first")).toBe("first");
      expect(await hostFacts.remember("name", "second")).toBe("first");
      expect(await hostFacts.find("name")).toBe("first");
    });
  });
}
