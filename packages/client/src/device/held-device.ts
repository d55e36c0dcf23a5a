/**
 * A device while one caller holds its lock. Every operation goes through `holdDevice` or `holdAccount`: lock, read,
 * work, release. What `HeldAccount.profile` shows is always what is on disk.
 */
import type { HostApi } from "../protocol-3/host-api.ts";
import type { LocalFailure, NoProfile } from "../outcomes.ts";
import type { StoreSession } from "./device-ports.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { holdProfileText } from "./hold-profile.ts";
import { releaseWallet } from "./left-wallet.ts";
import { parseProfile4 } from "./profile-4.ts";
import { formatProfile, parseProfile, type Profile } from "./profile.ts";

export type HeldDevice = DeviceSettings & {
  readonly session: StoreSession;
  readonly signal: AbortSignal | undefined;
  /** The account in the profile, null when there is none. */
  readonly account: HeldAccount | null;
  /** Makes `profile` durable in place of whatever was there. */
  start(profile: Profile): Promise<HeldAccount>;
  /** Removes the profile of an account that was not made; the wallet stays, for whoever comes next. */
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
  return await holdProfileText(settings, async (session, text): Promise<Outcome | LocalFailure> => {
    if (text !== null && parseProfile4(text) !== null)
      return { type: "other-protocol", protocol: 4 };
    const loaded = text === null ? null : loadHeld3(settings, session, signal, text);
    if (loaded !== null && loaded.type !== "held") return loaded;
    const common = { ...settings, session, signal };
    let deviceId = loaded?.account.profile.deviceId ?? "";
    return await work({
      ...common,
      account: loaded?.account ?? null,
      async start(profile) {
        await session.writeProfile(formatProfile(profile));
        ({ deviceId } = profile);
        return holdProfile(common, profile);
      },
      forget: async () => {
        await releaseWallet(session, deviceId);
        await session.removeProfile();
      },
    });
  });
}

/** The account of a profile's text of protocol 3, with the lock held. */
export function loadHeld3(
  settings: DeviceSettings,
  session: StoreSession,
  signal: AbortSignal | undefined,
  text: string,
): { readonly type: "held"; readonly account: HeldAccount } | LocalFailure {
  const parsed = parseProfile(text);
  if (parsed.type === "damaged") {
    const location = settings.ports.store.describe("profile");
    return { type: "profile-damaged", location, detail: parsed.detail };
  }
  const account = holdProfile({ ...settings, session, signal }, parsed.profile);
  return { type: "held", account };
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
      return held.hostOf(profile);
    },
    async change(fields) {
      const startsAnew = fields.secrets !== undefined || (fields.session ?? null) !== null;
      const changed = { ...profile, ...(startsAnew && { refusal: undefined }), ...fields };
      await held.session.writeProfile(formatProfile(changed));
      profile = changed;
    },
  };
}
