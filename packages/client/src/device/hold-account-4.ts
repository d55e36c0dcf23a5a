/** A profile of protocol 4 while one caller holds its lock. */
import type { LocalFailure, NoProfile } from "../outcomes.ts";
import type { AccountPorts } from "../protocol-4/record/account-ports.ts";
import { parseAccountRecord } from "../protocol-4/record/account-record.ts";
import { HeldAccount as HeldAccount4 } from "../protocol-4/record/held-account.ts";
import type { StoreSession } from "./device-ports.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { holdProfileText } from "./hold-profile.ts";
import { releaseWallet } from "./left-wallet.ts";
import { formatProfile4, newProfile4, parseProfile4, type Profile4 } from "./profile-4.ts";

export type HeldProfile4 = DeviceSettings & {
  readonly session: StoreSession;
  readonly signal: AbortSignal | undefined;
  readonly profile: Profile4;
  readonly account: HeldAccount4;
  /** Makes the profile durable with these fields changed, before it resolves. */
  change(fields: Partial<Profile4>): Promise<void>;
  /** Removes the account and the profile; the wallets stay. */
  forget(): Promise<void>;
};

/** What a profile's lock gives to whoever is to make it one of protocol 4. */
export type FreshProfile4 = DeviceSettings & {
  readonly session: StoreSession;
  readonly signal: AbortSignal | undefined;
  /** With these, the first save of an account makes the profile. */
  accountPorts(walletPath: string | null): AccountPorts;
  /** Takes back what a refused registration left. */
  forget(): Promise<void>;
};

/** Runs `work` with the lock held and the account loaded; null: the profile is not one of protocol 4. */
export async function holdAccount4<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (held: HeldProfile4) => Promise<Outcome>,
): Promise<Outcome | LocalFailure | NoProfile> {
  return await holdProfileText(
    settings,
    async (session, text): Promise<Outcome | LocalFailure | NoProfile> => {
      if (text === null) return { type: "no-profile" };
      const held = await loadHeld4(settings, session, signal, text);
      if (held === null) return { type: "other-protocol", protocol: 3 };
      return held.type === "held" ? await work(held.held) : held;
    },
  );
}

/** Runs `work` on a profile that has no account yet; a profile with one is refused. */
export async function startAccount4<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (fresh: FreshProfile4) => Promise<Outcome>,
): Promise<Outcome | LocalFailure | { readonly type: "profile-has-account" }> {
  return await holdProfileText(settings, async (session, text) => {
    if (text !== null) return { type: "profile-has-account" };
    return await work(freshProfile(settings, session, signal));
  });
}

function freshProfile(
  settings: DeviceSettings,
  session: StoreSession,
  signal: AbortSignal | undefined,
): FreshProfile4 {
  return {
    ...settings,
    session,
    signal,
    accountPorts: (walletPath) => accountPorts(settings, session, newProfile4(walletPath)),
    forget: async () => {
      await forgetProfile(session);
    },
  };
}

async function forgetProfile(session: StoreSession): Promise<void> {
  await session.removeProfile();
  await session.removePart("account");
}

/** null: the text is not one of protocol 4. */
export async function loadHeld4(
  settings: DeviceSettings,
  session: StoreSession,
  signal: AbortSignal | undefined,
  text: string,
): Promise<{ readonly type: "held"; readonly held: HeldProfile4 } | LocalFailure | null> {
  const parsed = parseProfile4(text);
  if (parsed === null) return null;
  const location = settings.ports.store.describe("profile");
  if (parsed.type === "damaged")
    return { type: "profile-damaged", location, detail: parsed.detail };
  const stored = await session.readPart("account");
  const read = stored === null ? null : parseAccountRecord(stored);
  if (read?.type !== "account") {
    const detail = read?.detail ?? "its account is missing";
    return { type: "profile-damaged", location, detail };
  }
  let { profile } = parsed;
  const account = new HeldAccount4(accountPorts(settings, session, null), read.record);
  const held: HeldProfile4 = {
    ...settings,
    session,
    signal,
    get profile() {
      return profile;
    },
    account,
    async change(fields) {
      const changed = { ...profile, ...fields };
      await session.writeProfile(formatProfile4(changed));
      profile = changed;
    },
    forget: async () => {
      const { identity, pending } = account.record;
      if (pending?.type === "registration") await releaseWallet(session, identity);
      // Killed in between, no key is left.
      await account.forget();
      await forgetProfile(session);
    },
  };
  return { type: "held", held };
}

/** `first`: the profile to write together with the account; null: it is there. */
export function accountPorts(
  { ports, timeoutMs }: DeviceSettings,
  session: StoreSession,
  first: Profile4 | null,
): AccountPorts {
  let toWrite = first;
  return {
    store: {
      async saveAccount(text) {
        await session.writePart("account", text);
        // The profile's text says that there is an account, so it comes after it.
        if (toWrite !== null) await session.writeProfile(formatProfile4(toWrite));
        toWrite = null;
      },
      loadWallet: async (walletId) => await session.readPart(`history-${walletId}`),
      saveWallet: async (walletId, text) => {
        await session.writePart(`history-${walletId}`, text);
      },
    },
    protocolMemory: ports.protocolMemory,
    ...(ports.loadOpaque && { loadOpaque: ports.loadOpaque }),
    fetch: ports.fetch,
    clock: ports.clock,
    randomBytes: ports.randomBytes,
    timeoutMs,
  };
}
