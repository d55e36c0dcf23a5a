import type { Scrypt } from "../index.ts";

/** scrypt in WebAssembly on the calling thread. */
export declare const wasmScrypt: Scrypt;
