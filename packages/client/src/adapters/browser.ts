/** `@holdfast/client/browser`: the parts of a page's platform; the durable store of a device in a page comes later. */
export { openBrowserSocket } from "./browser/browser-socket.ts";
export { wasmScrypt } from "./browser/wasm-scrypt.ts";
export { createWorkerScrypt, serveScrypt, type MessageEnd } from "./browser/worker-scrypt.ts";
export { systemClock, systemRandomBytes } from "./system.ts";
