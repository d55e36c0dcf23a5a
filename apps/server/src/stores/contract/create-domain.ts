import { randomBytes } from "node:crypto";
import { createAccounts } from "../../accounts/accounts.ts";
import { createPasswordHasher, type PasswordHasher } from "../../accounts/password-hasher.ts";
import { createSessions } from "../../sessions/sessions.ts";
import type { VerificationMode } from "../../verification/verification-mode.ts";
import { createVerification } from "../../verification/verification.ts";
import { createWallets } from "../../wallets/wallets.ts";
import { createMemoryStores } from "../memory/memory-stores.ts";
import { NOW_MS } from "./fixtures.ts";

export const SALT_SEED = "5a".repeat(32);

/**
 * The whole domain over memory stores, with cheap hashes, a clock that stands still until it is moved, and a list of
 * the notices that were given. `beforeVerify` runs after an account was read and before its password is checked.
 */
export function createDomain(mode: VerificationMode = { type: "AllowAll" }) {
  const stores = createMemoryStores();
  const time = { nowMs: NOW_MS };
  const race = { beforeVerify: (): Promise<unknown> => Promise.resolve() };
  const noticed: string[] = [];
  const hasher = createPasswordHasher({ randomBytes, costLog2: 1 });
  const passwordHasher: PasswordHasher = {
    ...hasher,
    async verify(password, passwordHash) {
      await race.beforeVerify();
      return hasher.verify(password, passwordHash);
    },
  };
  const notices = {
    walletReplaced(userId: number, sequence: number) {
      noticed.push(`wallet ${sequence} of ${userId}`);
    },
    credentialsChanged(userId: number) {
      noticed.push(`credentials of ${userId}`);
    },
  };
  const shared = { clock: () => time.nowMs, randomBytes, passwordHasher, notices, mode };
  const domain = {
    accounts: createAccounts({ ...shared, store: stores.accounts }),
    sessions: createSessions({ ...shared, accounts: stores.accounts, store: stores.sessions }),
    wallets: createWallets({ ...shared, store: stores.wallets }),
    verification: createVerification({
      ...shared,
      accounts: stores.accounts,
      store: stores.verification,
    }),
  };

  return {
    ...domain,
    stores,
    time,
    race,
    noticed,
    signUp: (email: string, password = "password") =>
      domain.accounts.signUp({ email, password, clientSaltSeed: SALT_SEED }),
    /** Logs in and answers token and session; throws when that is refused. */
    logIn: async (email: string, password = "password", deviceId = "laptop") => {
      const outcome = await domain.sessions.logIn({ email, password, deviceId });
      if (outcome.type !== "logged-in") throw new Error(outcome.type);
      return outcome;
    },
  };
}
