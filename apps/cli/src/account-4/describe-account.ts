import { hostname } from "node:os";
import type { Fingerprint } from "@holdfast/client/protocol-4";
import { describePicture } from "@holdfast/client/protocol-4";

/** A fingerprint for people: its code, and its picture in words. */
export function fingerprintLines({ code, picture }: Fingerprint): string[] {
  return [code, ...describePicture(picture).split("\n")];
}

/** How this device calls itself on the host, if the person does not say: by the machine's name. */
export function defaultDeviceName(): string {
  const name = hostname()
    .replace(/\.(?:local|lan|home)$/u, "")
    .replace(/[^\p{L}\p{N} ._-]/gu, "");
  return name.normalize("NFC").trim().slice(0, 64).trim() || "command line";
}

/** A device's id as people type it: hex, which never looks like an option. */
export function hexSessionId(sessionId: string): string {
  return Buffer.from(sessionId, "base64url").toString("hex");
}

/** So much of it tells an account's devices apart. */
export const shortIdLength = 8;
