import { hostname } from "node:os";
import type { Fingerprint } from "@holdfast/client/protocol-4";
import { describePicture } from "@holdfast/client/protocol-4";
import { printable } from "../terminal/printable.ts";

/** A fingerprint for people: its code, and its picture in words. */
export function fingerprintLines({ code, picture }: Fingerprint): string[] {
  return [code, ...describePicture(picture).split("\n")];
}

/** Recovery codes of the second factor, two in a line. */
export function recoveryCodeLines(codes: readonly string[]): string[] {
  const rows = Array.from({ length: Math.ceil(codes.length / 2) }, (_, row) =>
    codes.slice(row * 2, row * 2 + 2),
  );
  return rows.map((row) => `  ${row.map(printable).join("   ")}`);
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
