import { changePassword } from "../account/change-password.ts";
import { logIn } from "../account/log-in.ts";
import { logOut } from "../account/log-out.ts";
import { register } from "../account/register.ts";
import { setLocalPassword, updateSecrets } from "../account/update-secrets.ts";
import { syncDaemon } from "../lbrynet/sync-daemon.ts";
import { createHostApi, type HostApi } from "../protocol-3/host-api.ts";
import { lookAtHost, pull, push, sync } from "../sync/sync.ts";
import { watch } from "../watch/watch.ts";
import { createConflictAnswers } from "./conflicts.ts";
import type { DerivationProgress } from "../ports/scrypt.ts";
import type { DevicePorts } from "./device-ports.ts";
import { wasUsedWithProtocol4 } from "../protocol-memory/protocol-memory.ts";
import type { Device } from "./device.ts";
import { holdAccount4, startAccount4 } from "./hold-account-4.ts";
import { joinUpgraded, upgradeProfile } from "./upgrade-profile.ts";
import { readStatus } from "./device-status.ts";
import { holdProfileText } from "./hold-profile.ts";
import { checkLeftWallet } from "./left-wallet.ts";
import { takeOverWallet } from "./take-over-wallet.ts";
import { createWalletEdits } from "./edit-wallet.ts";
import type { AskPasscode, DeviceSettings } from "./device-settings.ts";

export type DeviceOptions = {
  /** called while keys are derived, which takes seconds */
  readonly onDerivation?: (progress: DerivationProgress) => void;
  /** longest wait for one answer; default 30 000 */
  readonly timeoutMs?: number;
  /** longest wait for another process to let go of the profile; default 20 000 */
  readonly lockWaitMs?: number;
  /** asks the person for the passcode that opens this device */
  readonly askPasscode?: AskPasscode;
};

/** A device over the given platform; touches nothing until its first call. */
export function createDevice(ports: DevicePorts, options: DeviceOptions = {}): Device {
  const settings: DeviceSettings = {
    ports,
    onDerivation: options.onDerivation,
    lockWaitMs: options.lockWaitMs ?? 20_000,
    timeoutMs: options.timeoutMs ?? 30_000,
    askPasscode: options.askPasscode,
    hostOf: rememberHosts(ports, options.timeoutMs ?? 30_000),
  };
  const device: Device = {
    protocol4: {
      hold: async (work, { signal } = {}) => await holdAccount4(settings, signal, work),
      start: async (work, { signal } = {}) => await startAccount4(settings, signal, work),
      upgrade: async (input, { signal } = {}) => await upgradeProfile(settings, input, signal),
      joinUpgraded: async (input, { signal } = {}) => await joinUpgraded(settings, input, signal),
    },
    status: async () => await readStatus(settings),
    register: async (input, { signal } = {}) => await register(settings, input, signal),
    updateSecrets: async (input, { signal } = {}) => await updateSecrets(settings, input, signal),
    setLocalPassword: async (input, { signal } = {}) =>
      await setLocalPassword(settings, input, signal),
    login: async (input = {}, { signal } = {}) => await logIn(settings, input, signal),
    logout: async () => await logOut(settings),
    push: async ({ signal } = {}) => await push(settings, signal),
    pull: async ({ signal } = {}) => await pull(settings, signal),
    sync: async ({ signal, decision, healing } = {}) =>
      await sync(settings, { decision, healing }, signal),
    lookAtHost: async ({ signal } = {}) => await lookAtHost(settings, signal),
    changePassword: async (input, { signal } = {}) => await changePassword(settings, input, signal),
    ...createWalletEdits(settings),
    ...createConflictAnswers(settings),
    checkLeftWallet: async (account) =>
      await holdProfileText(
        settings,
        async (session) =>
          (await checkLeftWallet({ ...settings, session }, account)) ?? { type: "nothing-left" },
      ),
    takeOverWallet: async () => await takeOverWallet(settings),
    syncDaemon: async (input, { signal } = {}) => await syncDaemon(settings, input, signal),
    async watch(options) {
      const { action = "pull" } = options;
      if (typeof action === "function") return await watch(settings, action, options);
      return await watch(settings, async (signal) => await device[action]({ signal }), options);
    },
  };
  return device;
}

function rememberHosts(
  { fetch, protocolMemory }: DevicePorts,
  timeoutMs: number,
): DeviceSettings["hostOf"] {
  const hosts = new Map<string, HostApi>();
  return ({ server, email }) => {
    const name = `${server} ${email}`;
    const url = new URL(server);
    const host =
      hosts.get(name) ??
      createHostApi({
        url,
        fetch,
        timeoutMs,
        isProtocol4: async () => await wasUsedWithProtocol4(protocolMemory, url, email),
      });
    hosts.set(name, host);
    return host;
  };
}
