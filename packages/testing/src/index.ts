export { rejectedCode, thrownCode } from "./error-code.ts";
export { jsonArbitrary } from "./json-arbitrary.ts";
export { readVectors } from "./vectors.ts";
export type { VectorCase } from "./vectors.ts";
export { createLoggedInDevices, getWallet, postJson } from "./api-caller.ts";
export type { WireAnswer, WireWallet } from "./api-caller.ts";
export { startServerProcess } from "./server-process.ts";
export type { ServerProcess } from "./server-process.ts";
export { createTemporaryFolder } from "./temporary-folder.ts";
