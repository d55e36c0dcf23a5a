import type { DerivationProgress } from "../ports/scrypt.ts";
import type { HostApi } from "../protocol-3/host-api.ts";
import type { Secret } from "../secret.ts";
import type { DevicePorts } from "./device-ports.ts";

/** `attempt` counts from 1, and goes on while the answer is wrong; null: they did not give it. */
export type AskPasscode = (attempt: number) => Promise<Secret | null>;

export type DeviceSettings = {
  readonly ports: DevicePorts;
  readonly onDerivation: ((progress: DerivationProgress) => void) | undefined;
  readonly lockWaitMs: number;
  /** The host of an account; one object for as long as the device lives, so that what was learnt of a host lasts. */
  readonly hostOf: (account: { readonly server: string; readonly email: string }) => HostApi;
  readonly timeoutMs: number;
  /** Asks the person for the passcode that opens this device. */
  readonly askPasscode: AskPasscode | undefined;
};
