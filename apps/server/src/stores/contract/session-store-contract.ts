import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUser, newSession, NOW_MS } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";

/** Any UTF-16 units: lone surrogates, NUL, anything a device may call itself. */
const anyDeviceId = fc
  .array(fc.oneof(fc.integer({ max: 0xffff, min: 0 }), fc.constantFrom(0, 0xd800, 0xdc00)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((units) => String.fromCharCode(...units));

export function describeSessionStore(open: OpenForTest): void {
  describe("sessions", () => {
    test("[STORE-6] a new session of a device ends the one before and no other", async () => {
      const stores = await open();
      const { sessions } = stores;
      const { userId, tokenHash, session } = await addUser(stores, "ann@example.org");
      const bob = await addUser(stores, "bob@example.org");
      await sessions.create(newSession(userId, { deviceId: "phone", tokenHash: "phone" }));
      // Asked for before as well, so that a cache has something to forget.
      expect(await sessions.find(tokenHash, NOW_MS)).toEqual(session);

      const again = newSession(userId, { tokenHash: "again" });
      expect(await sessions.create(again)).toEqual({ type: "created" });
      expect(await sessions.find(tokenHash, NOW_MS)).toBeUndefined();
      expect(await sessions.find("again", NOW_MS)).toEqual({ ...session, tokenHash: "again" });
      expect(await sessions.find("phone", NOW_MS)).toMatchObject({ deviceId: "phone" });
      expect(await sessions.find(bob.tokenHash, NOW_MS)).toEqual(bob.session);
    });

    test("[STORE-6] devices are told apart by their exact name, whatever characters it has", async () => {
      const stores = await open();
      const { userId } = await addUser(stores, "ann@example.org");
      let count = 0;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(anyDeviceId, { maxLength: 4 }), async (deviceIds) => {
          count += 1;
          const sessions = deviceIds.map((deviceId, index) =>
            newSession(userId, { deviceId, tokenHash: `${count}.${index}` }),
          );
          await Promise.all(sessions.map((session) => stores.sessions.create(session)));
          for (const { credentialVersion: _, ...session } of sessions) {
            expect(await stores.sessions.find(session.tokenHash, NOW_MS)).toEqual(session);
          }
        }),
      );
    });

    test("[STORE-7] a session begun before a password change is refused and the newer session stays", async () => {
      const stores = await open();
      const { userId } = await addUser(stores, "ann@example.org");
      const passwordHash = "new";
      const clientSaltSeed = "6b".repeat(32);
      const credentials = { userId, credentialVersion: 1, passwordHash, clientSaltSeed };
      const newer = newSession(userId, { tokenHash: "newer", credentialVersion: 2 });
      const outcomes = await Promise.all([
        stores.accounts.changePassword(credentials),
        stores.sessions.create(newer),
        stores.sessions.create(newSession(userId, { tokenHash: "overtaken" })),
      ]);
      expect(outcomes.map(({ type }) => type)).toEqual([
        "changed",
        "created",
        "credentials-changed",
      ]);
      expect(await stores.sessions.find("overtaken", NOW_MS)).toBeUndefined();
      expect(await stores.sessions.find("newer", NOW_MS)).toMatchObject({ userId });
    });

    test("[STORE-7] a session of an unknown user is refused", async () => {
      const { sessions } = await open();
      expect(await sessions.create(newSession(7))).toEqual({ type: "credentials-changed" });
    });

    test("[STORE-8] a session is found until the millisecond in which it expires", async () => {
      const stores = await open();
      const { session, tokenHash } = await addUser(stores, "ann@example.org");
      const { expiresAtMs } = session;
      expect(await stores.sessions.find(tokenHash, expiresAtMs - 1)).toEqual(session);
      expect(await stores.sessions.find(tokenHash, expiresAtMs)).toBeUndefined();
      expect(await stores.sessions.find("unknown", NOW_MS)).toBeUndefined();
    });

    test("[STORE-14] removing expired sessions removes exactly those and counts them", async () => {
      const stores = await open();
      const { userId, session, tokenHash } = await addUser(stores, "ann@example.org");
      for (const [index, expiresAtMs] of [NOW_MS - 1, NOW_MS, NOW_MS + 1].entries()) {
        const name = `device ${index}`;
        const more = newSession(userId, { deviceId: name, tokenHash: name, expiresAtMs });
        await stores.sessions.create(more);
      }
      expect(await stores.sessions.removeExpired(NOW_MS)).toBe(2);
      expect(await stores.sessions.removeExpired(NOW_MS)).toBe(0);
      expect(await stores.sessions.find("device 2", NOW_MS)).toMatchObject({ userId });
      expect(await stores.sessions.find(tokenHash, NOW_MS)).toEqual(session);
    });
  });
}
