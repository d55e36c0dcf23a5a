/**
 * Rate limits of the calls that check or reveal something about a credential, counted before the expensive work.
 * Two counters: per client network, so that one machine cannot try many accounts, and per e-mail, so that many
 * machines cannot try one account. A call that the first refuses does not count against the e-mail.
 *
 * Whoever knows an e-mail could use up its calls and keep its owner out. So a network from which its password was right
 * before has a count of its own for this e-mail, that strangers elsewhere cannot use up; all others share one, as large.
 *
 * Invariant: the memory is bounded whatever clients send. When more clients or addresses than fit are active at once,
 * those that were quiet longest are forgotten first.
 */
import { LRUCache } from "lru-cache";
import { emailKey } from "../accounts/email-key.ts";
import { hashToken } from "../sessions/secret-token.ts";
import { clientNetwork } from "./client-network.ts";

/** At most `points` calls in each window of `windowMs`. */
export interface Limit {
  readonly points: number;
  readonly windowMs: number;
}

export interface CredentialLimitSettings {
  readonly perIp: Limit;
  readonly perEmail: Limit;
}

export type TakeOutcome =
  { readonly type: "allowed" } | { readonly type: "limited"; readonly retryAfterMs: number };

export interface CredentialLimits {
  /** Counts one call, or refuses it. `email` is absent where a call has none. */
  take(call: { readonly ip: string; readonly email?: string }): Promise<TakeOutcome>;
  /** The first half of `take`, for who does not know the e-mail yet. */
  takeNetwork(ip: string): Promise<TakeOutcome>;
  /** The second half. */
  takeEmail(call: { readonly ip: string; readonly email: string }): Promise<TakeOutcome>;
  /** The e-mail's password was right, so its owner uses this network. Forgotten with the process. */
  recognise(call: { readonly ip: string; readonly email: string }): void;
}

const MAX_KEYS = 100_000;

/** Limits counted in this process; without settings nothing is ever limited. `clock` is in milliseconds. */
export function createCredentialLimits(
  settings: CredentialLimitSettings | undefined,
  clock: () => number,
  maxKeys = MAX_KEYS,
): CredentialLimits {
  if (settings === undefined) {
    const take = (): Promise<TakeOutcome> => Promise.resolve({ type: "allowed" });
    return { take, takeNetwork: take, takeEmail: take, recognise: () => undefined };
  }
  const takeForNetwork = createWindowCounter(settings.perIp, clock, maxKeys);
  const takeForEmail = createWindowCounter(settings.perEmail, clock, maxKeys);
  const ownersNetworks = new LRUCache<string, true>({ max: maxKeys });
  // Hashed, so that keys are short however long the address is.
  const ownersKey = (email: string, network: string): string =>
    hashToken(`${network} ${emailKey(email)}`);

  const limits: CredentialLimits = {
    async take({ ip, email }) {
      const outcome = await limits.takeNetwork(ip);
      if (outcome.type === "limited" || email === undefined) return outcome;
      return limits.takeEmail({ ip, email });
    },

    takeNetwork: (ip) => Promise.resolve(takeForNetwork(clientNetwork(ip))),

    takeEmail({ ip, email }) {
      const key = ownersKey(email, clientNetwork(ip));
      const counted = ownersNetworks.has(key) ? key : hashToken(emailKey(email));
      return Promise.resolve(takeForEmail(counted));
    },

    recognise({ ip, email }) {
      ownersNetworks.set(ownersKey(email, clientNetwork(ip)), true);
    },
  };
  return limits;
}

/** Counts calls by key in windows that begin with a first call. */
export function createWindowCounter(
  { points, windowMs }: Limit,
  clock: () => number,
  maxKeys: number,
): (key: string) => TakeOutcome {
  const windows = new LRUCache<string, { taken: number; readonly endsAtMs: number }>({
    max: maxKeys,
  });
  return (key) => {
    const nowMs = clock();
    const open = windows.get(key);
    if (open === undefined || open.endsAtMs <= nowMs) {
      windows.set(key, { taken: 1, endsAtMs: nowMs + windowMs });
      return { type: "allowed" };
    }
    if (open.taken >= points) return { type: "limited", retryAfterMs: open.endsAtMs - nowMs };
    open.taken += 1;
    return { type: "allowed" };
  };
}
