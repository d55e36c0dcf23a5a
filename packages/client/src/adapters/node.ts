/** `@holdfast/client/node`: devices whose profile is a folder, and wallet files. */
import { createDevice, type DeviceOptions } from "../device/create-device.ts";
import type { Device } from "../device/device.ts";
import { nativeScrypt } from "./node/native-scrypt.ts";
import { openNodeSocket } from "./node/node-socket.ts";
import { openProfileFolder } from "./node/profile-folder.ts";
import type { ProtocolMemory } from "../ports/protocol-memory.ts";
import { userProtocolMemory } from "./node/protocol-memory-folder.ts";
import { systemClock, systemRandomBytes } from "./system.ts";

export { openProtocolMemoryFolder, userDataFolder } from "./node/protocol-memory-folder.ts";
export { readWalletFile, writeWalletFile } from "./node/atomic-file.ts";
export { nodePlatform } from "./node/node-platform.ts";
export { openWalletFolder } from "./node/wallet-folder.ts";
export { nativeScrypt } from "./node/native-scrypt.ts";

export type NodeDeviceOptions = DeviceOptions & {
  /** default: that of all programs of this person on this machine */
  readonly protocolMemory?: ProtocolMemory;
};

/** A device whose profile is the folder `folder`, made when first needed: mode 0700, files 0600. */
export function createNodeDevice(folder: string, options: NodeDeviceOptions = {}): Device {
  return createDevice(
    {
      store: openProfileFolder(folder),
      protocolMemory: options.protocolMemory ?? userProtocolMemory,
      fetch,
      openSocket: openNodeSocket,
      scrypt: nativeScrypt,
      clock: systemClock,
      randomBytes: systemRandomBytes,
    },
    options,
  );
}
