import type { Device, DeviceOptions, Scrypt } from "../index.ts";

/** A device whose profile is the folder `folder` (made with mode 0700 at the first write; files 0600). */
export declare function createNodeDevice(folder: string, options?: DeviceOptions): Device;

/** Node's native scrypt on a worker thread of its pool. */
export declare const nativeScrypt: Scrypt;

/** Text of a LBRY wallet file, UTF-8, at most 64 MiB. */
export declare function readWalletFile(path: string): Promise<string>;

/** Writes a wallet file atomically, mode 0600; when anything fails the old file is untouched. */
export declare function writeWalletFile(path: string, text: string): Promise<void>;
