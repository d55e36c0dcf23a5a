/** A device without an account begins or joins one of protocol 4, as an app has it do. */
import type { Device } from "@holdfast/client";
import {
  logInByPassword,
  type PasswordLogIn,
  register,
  type Registration,
} from "@holdfast/client/protocol-4";

export async function registerOn(device: Device, input: Registration) {
  return await device.protocol4.start(
    async (fresh) => await register(fresh.accountPorts(null), input),
  );
}

export async function logInOn(device: Device, input: PasswordLogIn) {
  return await device.protocol4.start(
    async (fresh) => await logInByPassword(fresh.accountPorts(null), input),
  );
}
