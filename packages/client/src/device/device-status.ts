import type { DeviceStatus, LocalFailure, NoProfile, StatusOutcome } from "../outcomes.ts";
import { listWallets } from "../protocol-4/account/wallets.ts";
import { describeProblem } from "../sync/describe-problem.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { loadHeld3, type HeldAccount } from "./held-device.ts";
import { loadHeld4, type HeldProfile4 } from "./hold-account-4.ts";
import { holdProfileText } from "./hold-profile.ts";
import { createHolder3 } from "./holder-3.ts";
import { createHolder4 } from "./holder-4.ts";
import { useWallet } from "./open-wallet.ts";
import { mainWallet } from "./profile-4.ts";
import type { WalletHolder } from "./wallet-holder.ts";

/** What the profile remembers; asks nobody. */
export async function readStatus(settings: DeviceSettings): Promise<StatusOutcome> {
  return await holdProfileText(
    settings,
    async (session, text): Promise<DeviceStatus | LocalFailure | NoProfile> => {
      if (text === null) return { type: "no-profile" };
      const held4 = await loadHeld4(settings, session, undefined, text);
      if (held4?.type === "held")
        return await describe(settings, createHolder4(held4.held), accountOf4(held4.held));
      if (held4 !== null) return held4;
      const held3 = loadHeld3(settings, session, undefined, text);
      if (held3.type !== "held") return held3;
      return await describe(settings, createHolder3(held3.account), accountOf3(held3.account));
    },
  );
}

type AccountPart = Pick<
  DeviceStatus,
  | "protocol"
  | "server"
  | "email"
  | "deviceId"
  | "listed"
  | "hasPasscode"
  | "otherWallet"
  | "saltSeed"
  | "hasPassword"
  | "isRegistrationPending"
  | "isLoggedIn"
  | "refusal"
  | "expiration"
  | "isPasswordChangePending"
>;

function accountOf3({ profile }: HeldAccount): AccountPart {
  return {
    protocol: 3,
    server: profile.server,
    email: profile.email,
    deviceId: profile.deviceId,
    listed: null,
    hasPasscode: null,
    otherWallet: null,
    saltSeed: profile.saltSeed,
    hasPassword: profile.secrets !== null,
    isRegistrationPending: profile.registration !== "done",
    isLoggedIn: profile.session !== null && profile.refusal === undefined,
    refusal: profile.refusal ?? null,
    expiration: profile.session?.expiration ?? null,
    isPasswordChangePending: profile.passwordChange !== null,
  };
}

function accountOf4({ account, profile: { walletId } }: HeldProfile4): AccountPart {
  const { record } = account;
  const named = listWallets(account);
  const wallets = named.type === "wallets" ? named.wallets : [];
  const name = wallets.find((wallet) => wallet.walletId === walletId)?.name ?? null;
  return {
    protocol: 4,
    server: record.host,
    email: record.id,
    deviceId: record.deviceId,
    listed: record.session && { sessionId: record.session.sessionId, name: record.deviceName },
    hasPasscode: record.key.type === "passcode",
    otherWallet: walletId === mainWallet ? null : { walletId, name },
    saltSeed: null,
    hasPassword: record.key.type !== "none",
    isRegistrationPending: record.pending?.type === "registration",
    isLoggedIn: record.session !== null && record.refusal === undefined,
    refusal: record.refusal ?? null,
    expiration: record.session && new Date(record.session.expiresAt).toISOString(),
    isPasswordChangePending: record.pending?.type === "change",
  };
}

async function describe(
  { ports }: DeviceSettings,
  holder: WalletHolder,
  account: AccountPart,
): Promise<DeviceStatus> {
  const local = await readWallet(holder, false);
  // Without its file, what is known of the host is still worth telling.
  const known = local.type === "wallet" ? local : await readWallet(holder, true);
  const isReadable = local.type === "wallet";
  const synced = known.type === "wallet" ? known : null;
  const { walletPath } = holder;
  return {
    type: "status",
    ...account,
    syncedSequence: synced?.syncedSequence ?? null,
    hasLocalChanges: isReadable ? local.hasLocalChanges : null,
    openConflicts: isReadable ? local.openConflicts : null,
    walletProblem: isReadable ? null : local,
    hostProblem: synced?.hostProblem ?? null,
    inFlightSequence: synced?.inFlightSequence ?? null,
    walletLocation: ports.store.describe(walletPath === null ? "state" : { path: walletPath }),
    isWalletLinked: walletPath !== null,
  };
}

async function readWallet(holder: WalletHolder, ignoresFile: boolean) {
  return await useWallet(
    holder,
    async ({ record, hasLocalChanges, openConflicts }) =>
      await Promise.resolve({
        type: "wallet" as const,
        syncedSequence: record.synced.sequence,
        hasLocalChanges,
        openConflicts,
        inFlightSequence: record.inFlight?.revision.sequence ?? null,
        hostProblem: record.problem && describeProblem(record.problem, null),
      }),
    { ignoresFile },
  );
}
