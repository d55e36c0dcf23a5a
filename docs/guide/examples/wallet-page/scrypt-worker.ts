// The key derivation's thread: everything that a worker needs to say.
import { serveScrypt, type MessageEnd } from "@holdfast/client/browser";

serveScrypt(globalThis as unknown as MessageEnd);
