import type { OpenSocket } from "../../device/device-ports.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ProtocolMemory } from "../../ports/protocol-memory.ts";
import type { RandomBytes } from "../../ports/random-bytes.ts";
import type { Scrypt } from "../../ports/scrypt.ts";
import { systemClock, systemRandomBytes } from "../system.ts";
import { nativeScrypt } from "./native-scrypt.ts";
import { openNodeSocket } from "./node-socket.ts";
import { userProtocolMemory } from "./protocol-memory-folder.ts";

/** What Node gives a wallet client and its account source. */
export const nodePlatform: {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly scrypt: Scrypt;
  readonly protocolMemory: ProtocolMemory;
} = {
  clock: systemClock,
  randomBytes: systemRandomBytes,
  fetch,
  openSocket: openNodeSocket,
  scrypt: nativeScrypt,
  protocolMemory: userProtocolMemory,
};
