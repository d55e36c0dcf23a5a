/**
 * Random use, compared with the memory stores: whatever is asked, in whatever order and however much at once, the
 * outcomes and everything that can be read afterwards are the same.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMemoryStores } from "../memory/memory-stores.ts";
import type { Stores } from "../stores.ts";
import { newAccount, newSession, newWallet, NOW_MS } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";

/** What one run has made so far; its name keeps runs on the same stores apart. */
interface Run {
  readonly name: string;
  nowMs: number;
  readonly userIds: number[];
  /** Of sessions and of mails; tokens are never made twice. */
  readonly tokens: string[];
}

type Call = (stores: Stores) => Promise<unknown>;

/** A call whose users and tokens are chosen when it is its turn. */
type Use = (run: Run) => Call;

const PEOPLE = ["ann", "ANN", "bob", "cyd"];
const index = fc.nat({ max: 7 });
const version = fc.integer({ min: 1, max: 3 });
const sequence = fc.integer({ min: 1, max: 5 });
const lifetimeMs = fc.integer({ min: -1, max: 20 });
const text = fc.string({ unit: "binary", maxLength: 20 });

const pickUser = (run: Run, index: number) => run.userIds[index % run.userIds.length] ?? -1;
const pickToken = (run: Run, index: number) => run.tokens[index % run.tokens.length] ?? "none";
const newToken = (run: Run) => {
  const token = `${run.name} token ${run.tokens.length}`;
  run.tokens.push(token);
  return token;
};

const signUp = fc
  .record({ person: fc.constantFrom(...PEOPLE), lifetimeMs: fc.option(lifetimeMs) })
  .map(({ person, lifetimeMs }): Use => {
    return (run) => {
      const email = `${person}@${run.name}`;
      if (lifetimeMs === null) return ({ accounts }) => accounts.create(newAccount(email));
      const verification = { tokenHash: newToken(run), expiresAtMs: run.nowMs + lifetimeMs };
      const account = newAccount(email, { verified: false, verification });
      return ({ accounts }) => accounts.create(account);
    };
  });

const changePassword = fc
  .record({ index, version, sequence: fc.option(sequence), text })
  .map(({ index, version, sequence, text }): Use => {
    return (run) => {
      const change = {
        userId: pickUser(run, index),
        credentialVersion: version,
        passwordHash: text,
        clientSaltSeed: text,
        ...(sequence === null ? {} : { wallet: newWallet(sequence, { hmac: text }) }),
      };
      return ({ accounts }) => accounts.changePassword(change);
    };
  });

const logIn = fc
  .record({ index, version, deviceId: fc.constantFrom("x", "y\0", "y"), lifetimeMs })
  .map(({ index, version, deviceId, lifetimeMs }): Use => {
    return (run) => {
      const session = newSession(pickUser(run, index), {
        credentialVersion: version,
        deviceId,
        tokenHash: newToken(run),
        expiresAtMs: run.nowMs + lifetimeMs,
      });
      return ({ sessions }) => sessions.create(session);
    };
  });

const replaceWallet = fc
  .record({ index, token: index, sequence, text })
  .map(({ index, token, sequence, text }): Use => {
    return (run) => {
      const userId = pickUser(run, index);
      const tokenHash = pickToken(run, token);
      const wallet = newWallet(sequence, { encryptedWallet: text });
      const { nowMs } = run;
      return ({ wallets }) => wallets.replace({ userId, tokenHash, nowMs, wallet });
    };
  });

const mailAgain = fc.record({ index, lifetimeMs }).map(({ index, lifetimeMs }): Use => {
  return (run) => {
    const userId = pickUser(run, index);
    const token = { userId, tokenHash: newToken(run), expiresAtMs: run.nowMs + lifetimeMs };
    return ({ verification }) => verification.add(token);
  };
});

const redeem = index.map((index): Use => {
  return (run) => {
    const token = pickToken(run, index);
    const { nowMs } = run;
    return ({ verification }) => verification.redeem(token, nowMs);
  };
});

const removeExpired = fc.constantFrom("sessions" as const, "verification" as const).map(
  (which): Use =>
    ({ nowMs }) =>
    (stores) =>
      stores[which].removeExpired(nowMs),
);

const use = fc.oneof(
  { weight: 2, arbitrary: signUp },
  { weight: 2, arbitrary: changePassword },
  { weight: 4, arbitrary: logIn },
  { weight: 6, arbitrary: replaceWallet },
  { weight: 1, arbitrary: mailAgain },
  { weight: 1, arbitrary: redeem },
  { weight: 1, arbitrary: removeExpired },
);

/** What happens at once, and how much time passes before. */
const step = fc.record({ uses: fc.array(use, { maxLength: 8 }), elapsedMs: fc.nat({ max: 10 }) });

async function readEverything(stores: Stores, run: Run): Promise<unknown> {
  const { accounts, sessions, wallets } = stores;
  return {
    accounts: await Promise.all(
      PEOPLE.map((person) => accounts.findByEmail(`${person}@${run.name}`)),
    ),
    sessions: await Promise.all(run.tokens.map(async (token) => sessions.find(token, run.nowMs))),
    wallets: await Promise.all(run.userIds.map(async (userId) => wallets.newest(userId))),
  };
}

export function describeRandomUse(open: OpenForTest): void {
  describe("random use", () => {
    test("[STORE-1 … STORE-14] outcomes and contents are those of the memory stores", async () => {
      const stores = await open();
      const model = createMemoryStores();
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          runs += 1;
          const run: Run = { name: `run${runs}`, nowMs: NOW_MS, userIds: [], tokens: [] };
          for (const { uses, elapsedMs } of steps) {
            run.nowMs += elapsedMs;
            const calls = uses.map((use) => use(run));
            const expected = await Promise.all(calls.map((call) => call(model)));
            const outcomes = await Promise.all(calls.map((call) => call(stores)));
            expect(outcomes).toEqual(expected);
            for (const outcome of expected) rememberUser(run, outcome);
            expect(await readEverything(stores, run)).toEqual(await readEverything(model, run));
          }
        }),
        { numRuns: 150 },
      );
    });
  });
}

function rememberUser(run: Run, outcome: unknown): void {
  const { type, userId } = (outcome ?? {}) as { type?: string; userId?: number };
  if (type === "created" && userId !== undefined) run.userIds.push(userId);
}
