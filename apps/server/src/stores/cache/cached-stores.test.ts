import type { Awaitable } from "../../awaitable.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUser, newSession, newWallet, NOW_MS } from "../contract/fixtures.ts";
import { describeStores } from "../contract/store-contract.ts";
import { createMemoryStores } from "../memory/memory-stores.ts";
import type { Stores } from "../stores.ts";
import { createCachedStores, type CacheLimits } from "./cached-stores.ts";

/** Room for about two sessions and one wallet, so that entries come and go all the time. */
const TINY: CacheLimits = { maxSessionCacheBytes: 1200, maxWalletCacheBytes: 500 };
const NONE: CacheLimits = { maxSessionCacheBytes: 1, maxWalletCacheBytes: 1 };

for (const [size, limits] of Object.entries({ roomy: {}, tiny: TINY, useless: NONE })) {
  describeStores(`memory behind ${size} caches`, () =>
    Promise.resolve(createCachedStores(createMemoryStores(), limits)),
  );
}

/** Counts the reads that reach the stores behind the caches. */
function countReads(stores: Stores) {
  const counts = { sessions: 0, wallets: 0 };
  const counted: Stores = {
    ...stores,
    sessions: {
      ...stores.sessions,
      find(tokenHash, nowMs) {
        counts.sessions += 1;
        return stores.sessions.find(tokenHash, nowMs);
      },
    },
    wallets: {
      ...stores.wallets,
      newest(userId) {
        counts.wallets += 1;
        return stores.wallets.newest(userId);
      },
    },
  };
  return { counts, counted };
}

describe("caches", () => {
  test("[STORE-29] a known session and a known wallet are not read again", async () => {
    const { counts, counted } = countReads(createMemoryStores());
    const stores = createCachedStores(counted);
    const { userId, tokenHash } = await addUser(stores, "ann@example.org");
    await stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet: newWallet(1) });
    for (let times = 0; times < 3; times += 1) {
      await stores.sessions.find(tokenHash, NOW_MS);
      await stores.wallets.newest(userId);
    }
    expect(counts).toEqual({ sessions: 1, wallets: 0 });
  });

  test("[STORE-29] a store that fails leaves nothing behind that might be outdated", async () => {
    const behind = createMemoryStores();
    const failing: Stores = {
      ...behind,
      sessions: {
        ...behind.sessions,
        async create(session) {
          await behind.sessions.create(session);
          throw new Error("the answer was lost");
        },
      },
      wallets: {
        ...behind.wallets,
        async replace(request) {
          await behind.wallets.replace(request);
          throw new Error("the answer was lost");
        },
      },
    };
    const stores = createCachedStores(failing);
    const { userId, tokenHash } = await addUser(behind, "ann@example.org");
    await behind.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet: newWallet(1) });
    await stores.sessions.find(tokenHash, NOW_MS);
    await stores.wallets.newest(userId);

    const wallet = newWallet(2);
    await expect(
      stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet }),
    ).rejects.toThrow("lost");
    const again = newSession(userId, { tokenHash: "again" });
    await expect(stores.sessions.create(again)).rejects.toThrow("lost");
    expect(await stores.wallets.newest(userId)).toMatchObject({ sequence: 2 });
    expect(await stores.sessions.find(tokenHash, NOW_MS)).toBeUndefined();
  });
});

/** Each call reaches the stores after some delay, and its answer comes after another: any two may overtake each other. */
function delayed(stores: Stores, scheduler: fc.Scheduler): Stores {
  const late =
    <Arguments extends unknown[], Answer>(call: (...given: Arguments) => Awaitable<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      await scheduler.schedule(Promise.resolve());
      const answer = await call(...given);
      await scheduler.schedule(Promise.resolve());
      return answer;
    };
  const { accounts, sessions, wallets } = stores;
  return {
    ...stores,
    accounts: { ...accounts, changePassword: late((change) => accounts.changePassword(change)) },
    sessions: {
      ...sessions,
      create: late((session) => sessions.create(session)),
      find: late((tokenHash, nowMs) => sessions.find(tokenHash, nowMs)),
    },
    wallets: {
      newest: late((userId) => wallets.newest(userId)),
      replace: late((request) => wallets.replace(request)),
    },
  };
}

interface RacingCall {
  readonly type: "newest" | "replace" | "changePassword";
  readonly user: number;
  /** How far the sequence is from what was last heard of; 1 is right, unless somebody else is faster. */
  readonly steps: number;
}

const racingCall: fc.Arbitrary<RacingCall> = fc.record({
  type: fc.constantFrom("newest", "newest", "newest", "replace", "replace", "changePassword"),
  user: fc.nat({ max: 1 }),
  steps: fc.constantFrom(1, 1, 1, 0, 2),
});

describe("caches under races", () => {
  test("[STORE-29] no wallet is answered that is older than one answered before the question", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(racingCall, { minLength: 2, maxLength: 40, size: "max" }),
        fc.constantFrom(TINY, TINY, {}),
        async (scheduler, calls, limits) => {
          const behind = createMemoryStores();
          const users = [await addUser(behind, "ann@x"), await addUser(behind, "bob@x")];
          const stores = createCachedStores(delayed(behind, scheduler), limits);
          /** Per user the highest sequence that anyone was told of. */
          const told = [0, 0];

          const ask = async ({ type, user, steps }: RacingCall) => {
            const { userId, tokenHash } = users[user]!;
            // The session outlives password changes here: only the wallet is of interest.
            if (type === "newest") return (await stores.wallets.newest(userId))?.sequence ?? 0;
            const sequence = told[user]! + steps;
            const wallet = newWallet(sequence);
            const outcome =
              type === "replace"
                ? await stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet })
                : await stores.accounts.changePassword({
                    userId,
                    credentialVersion: 1,
                    passwordHash: "new",
                    clientSaltSeed: "new",
                    wallet,
                  });
            if (outcome.type === "replaced" || outcome.type === "changed") return sequence;
            return "current" in outcome ? (outcome.current?.sequence ?? 0) : undefined;
          };

          const asked = calls.map(async (call, index) => {
            // Calls begin at any time, too.
            await scheduler.schedule(Promise.resolve(index));
            const toldBefore = told[call.user]!;
            const answer = await ask(call);
            if (answer === undefined) return;
            expect(answer).toBeGreaterThanOrEqual(toldBefore);
            told[call.user] = Math.max(told[call.user]!, answer);
          });
          await scheduler.waitFor(Promise.all(asked));

          for (const { userId } of users) {
            const newest = scheduler.waitFor(Promise.resolve(stores.wallets.newest(userId)));
            expect(await newest).toEqual(await behind.wallets.newest(userId));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("[STORE-29] a session that was answered to be replaced or ended is never found again", async () => {
    const racing = fc.record({
      type: fc.constantFrom("find", "find", "find", "logIn", "logIn", "changePassword"),
      deviceId: fc.constantFrom("laptop", "phone"),
      token: fc.nat({ max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(racing, { minLength: 2, maxLength: 25 }),
        fc.constantFrom(TINY, {}),
        async (scheduler, calls, limits) => {
          const behind = createMemoryStores();
          const { userId } = await addUser(behind, "ann@x");
          const stores = createCachedStores(delayed(behind, scheduler), limits);
          const tokens: { tokenHash: string; deviceId: string }[] = [];
          const wronglyFound: string[] = [];
          let tokensMade = 0;
          /** Tokens that had been made before something ended them, whose end was answered. */
          const ended = new Set<string>();

          const logIn = async (deviceId: string) => {
            const before = tokens.filter((one) => one.deviceId === deviceId);
            tokensMade += 1;
            const tokenHash = `token ${tokensMade}`;
            const session = newSession(userId, { deviceId, tokenHash });
            const outcome = await stores.sessions.create(session);
            if (outcome.type !== "created") return;
            tokens.push({ tokenHash, deviceId });
            for (const one of before) ended.add(one.tokenHash);
          };

          const asked = calls.map(async ({ type, deviceId, token }) => {
            await scheduler.schedule(Promise.resolve());
            if (type === "logIn") return logIn(deviceId);
            if (type === "find") {
              const tokenHash = tokens[token % tokens.length]?.tokenHash ?? "none";
              const hasEnded = ended.has(tokenHash);
              const session = await stores.sessions.find(tokenHash, NOW_MS);
              if (hasEnded && session !== undefined) wronglyFound.push(tokenHash);
              return undefined;
            }
            const before = [...tokens];
            const outcome = await stores.accounts.changePassword({
              userId,
              credentialVersion: 1,
              passwordHash: "new",
              clientSaltSeed: "new",
            });
            if (outcome.type === "changed") for (const one of before) ended.add(one.tokenHash);
            return undefined;
          });
          await scheduler.waitFor(Promise.all(asked));
          expect(wronglyFound).toEqual([]);

          for (const { tokenHash } of tokens) {
            const found = scheduler.waitFor(
              Promise.resolve(stores.sessions.find(tokenHash, NOW_MS)),
            );
            expect(await found).toEqual(await behind.sessions.find(tokenHash, NOW_MS));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
