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
  });

  describe("second factors and host facts", () => {
    test("[STORE-70] a second factor goes on once, and off with its codes", async () => {
      const stores = await open();
      const { secondFactors } = stores;
      const { userId } = await addHolder(stores, "ann");
      expect(await secondFactors.find(userId)).toBeUndefined();
      const factor = { userId, sealedSecret: "sealed", step: 7, codeHashes: ["a", "b"] };
      expect(await secondFactors.enable(factor)).toEqual({ type: "enabled" });
      expect(await secondFactors.enable(factor)).toEqual({ type: "on-already" });
      const found = { sealedSecret: "sealed", lastStep: 7, codesLeft: 2 };
      expect(await secondFactors.find(userId)).toEqual(found);
      expect(await secondFactors.disable(userId)).toBe(true);
      expect(await secondFactors.disable(userId)).toBe(false);
      await secondFactors.enable({ ...factor, codeHashes: [] });
      expect((await secondFactors.find(userId))?.codesLeft).toBe(0);
    });

    test("[STORE-71] a time step and a code serve once, also when they race", async () => {
      const stores = await open();
      const { secondFactors } = stores;
      const { userId } = await addHolder(stores, "ann");
      await secondFactors.enable({ userId, sealedSecret: "s", step: 7, codeHashes: ["a", "b"] });
      const steps = await Promise.all([8, 8, 8].map((step) => secondFactors.useStep(userId, step)));
      expect(steps.filter(Boolean)).toHaveLength(1);
      expect(await secondFactors.useStep(userId, 7)).toBe(false);
      const codes = await Promise.all(
        ["a", "a"].map((code) => secondFactors.useCode(userId, code)),
      );
      expect(codes.filter(Boolean)).toHaveLength(1);
      expect(await secondFactors.useCode(userId, "c")).toBe(false);
      expect(await secondFactors.replaceCodes(userId, ["c"])).toBe(true);
      expect(await secondFactors.useCode(userId, "b")).toBe(false);
      expect(await secondFactors.useCode(userId, "c")).toBe(true);
      expect(await secondFactors.replaceCodes(userId + 1, ["c"])).toBe(false);
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
