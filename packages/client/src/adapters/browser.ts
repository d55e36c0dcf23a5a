/** `@holdfast/client/browser`: the parts of a page's platform. */
export { createBrowserPlatform, type BrowserPlatform } from "./browser/browser-platform.ts";
export { openBrowserSocket } from "./browser/browser-socket.ts";
export { wasmScrypt } from "./browser/wasm-scrypt.ts";
export { createWorkerScrypt, serveScrypt, type MessageEnd } from "./browser/worker-scrypt.ts";
export { openWalletDatabase } from "./browser/wallet-database.ts";
export { systemClock, systemRandomBytes } from "./system.ts";
