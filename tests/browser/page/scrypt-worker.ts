import { serveScrypt, type MessageEnd } from "@holdfast/client/browser";

serveScrypt(globalThis as unknown as MessageEnd);
