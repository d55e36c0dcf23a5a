/**
 * A device while one caller holds its lock. Every operation goes through `holdDevice` or `holdAccount`: lock, read,
 * work, release. What `HeldAccount.profile` shows is always what is on disk.
 */
import type { HostApi } from "../protocol-3/host-api.ts";
import type { LocalFailure, NoProfile } from "../outcomes.ts";
import type { DerivationProgress } from "../ports/scrypt.ts";
import type { DevicePorts, StoreSession } from "./device-ports.ts";
import { formatProfile, parseProfile, type Profile } from "./profile.ts";

export type DeviceSettings = {
  readonly ports: DevicePorts;
  readonly onDerivation: ((progress: DerivationProgress) => void) | undefined;
  readonly lockWaitMs: number;
  /** The host at an address; one object for as long as the device lives, so that what was learnt of a host lasts. */
  readonly hostAt: (server: string) => HostApi;
};

export type HeldDevice = DeviceSettings & {
  readonly session: StoreSession;
  readonly signal: AbortSignal | undefined;
  /** The account in the profile, null when there is none. */
  readonly account: HeldAccount | null;
  /** Makes `profile` durable in place of whatever was there. */
  start(profile: Profile): Promise<HeldAccount>;
  /** Removes the profile; the wallet stays. */
  forget(): Promise<void>;
};

export type HeldAccount = DeviceSettings & {
  readonly session: StoreSession;
  readonly signal: AbortSignal | undefined;
  readonly profile: Profile;
  readonly host: HostApi;
  /** Makes the profile durable with these fields changed, before it resolves. */
  change(fields: Partial<Profile>): Promise<void>;
};

/** Runs `work` with the device's lock held. */
export async function holdDevice<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (held: HeldDevice) => Promise<Outcome>,
): Promise<Outcome | LocalFailure> {
  const { store } = settings.ports;
  const lock = await store.lock(settings.lockWaitMs);
  if (lock.type === "in-use") return { type: "profile-in-use" };
  const { session } = lock;
  try {
    const text = await session.readProfile();
    const parsed = text === null ? null : parseProfile(text);
    if (parsed?.type === "damaged") {
      const location = store.describe("profile");
      return { type: "profile-damaged", location, detail: parsed.detail };
    }
    const common = { ...settings, session, signal };
    return await work({
      ...common,
      account: parsed === null ? null : holdProfile(common, parsed.profile),
      async start(profile) {
        await session.writeProfile(formatProfile(profile));
        return holdProfile(common, profile);
      },
      forget: async () => {
        await session.removeProfile();
      },
    });
  } finally {
    await session.release();
  }
}

/** The same for work that needs an account. */
export async function holdAccount<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (account: HeldAccount) => Promise<Outcome>,
): Promise<Outcome | LocalFailure | NoProfile> {
  return await holdDevice(settings, signal, async ({ account }): Promise<Outcome | NoProfile> =>
    account === null ? { type: "no-profile" } : await work(account),
  );
}

function holdProfile(
  held: DeviceSettings & Pick<HeldAccount, "session" | "signal">,
  first: Profile,
): HeldAccount {
  let profile = first;
  return {
    ...held,
    get profile() {
      return profile;
    },
    get host() {
      return held.hostAt(profile.server);
    },
    async change(fields) {
      const changed = { ...profile, ...fields };
      await held.session.writeProfile(formatProfile(changed));
      profile = changed;
    },
  };
}
