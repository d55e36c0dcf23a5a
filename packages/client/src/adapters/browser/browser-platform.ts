import type { OpenSocket } from "../../device/device-ports.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Connectivity } from "../../ports/connectivity.ts";
import type { ProtocolMemory } from "../../ports/protocol-memory.ts";
import type { RandomBytes } from "../../ports/random-bytes.ts";
import type { Scrypt } from "../../ports/scrypt.ts";
import { systemClock, systemRandomBytes } from "../system.ts";
import { browserConnectivity } from "./browser-connectivity.ts";
import { openBrowserSocket } from "./browser-socket.ts";
import { openProtocolMemoryDatabase } from "./protocol-memory-database.ts";
import { createWorkerScrypt, type MessageEnd } from "./worker-scrypt.ts";

export type BrowserPlatform = {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly connectivity: Connectivity;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly scrypt: Scrypt;
  readonly protocolMemory: ProtocolMemory;
};

/** What a page gives a wallet client and its account source; `openWorker` opens the worker that calls `serveScrypt`. */
export function createBrowserPlatform(openWorker: () => MessageEnd): BrowserPlatform {
  return {
    clock: systemClock,
    randomBytes: systemRandomBytes,
    connectivity: browserConnectivity,
    fetch: async (...request) => await fetch(...request),
    openSocket: openBrowserSocket,
    scrypt: createWorkerScrypt(openWorker),
    protocolMemory: openProtocolMemoryDatabase("holdfast used with protocol 4"),
  };
}
