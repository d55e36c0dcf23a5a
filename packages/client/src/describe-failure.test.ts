import { describe, expect, it } from "vitest";
import { describeFailure } from "./describe-failure.ts";

describe("failures in words", () => {
  it.each<readonly [{ readonly type: string }, string]>([
    [
      { type: "local-changes" },
      "Local changes found. Update remote wallet before changing password.",
    ],
    [
      { type: "out-of-date" },
      "Submitted wallet is out of date: another device pushed a newer one. Nothing was changed. Pull, then push again.",
    ],
    [
      { type: "session-ended", detail: "Unauthorized: Token Not Found" } as { type: string },
      "The server no longer knows this device's session (Unauthorized: Token Not Found): it expired, or the password was changed. Your changes are kept. Log in again.",
    ],
    [
      { type: "host-misbehaves", fault: "rollback", detail: "it shows revision 1" } as {
        type: string;
      },
      "Stopped because the server shows an older wallet than this device has already seen: it shows revision 1. Your wallet on this device is unchanged. If the server was restored from a backup, its operator can tell, and `sync --heal` brings it up to date. Keep this device: it has the newer wallet.",
    ],
    [
      { type: "storage-full", maxBytes: 1024 ** 3 } as { type: string },
      "The server keeps no more for this account: it holds at most 1024 MiB of it, earlier versions included. Your changes are kept on this device, and nothing on the server was lost. Earlier versions make room by themselves, most of them within two days, and this device tries again; or ask the server's operator for more.",
    ],
    [{ type: "toString" }, "It did not work, for a reason unknown here."],
  ])("[P3C-47] %o", (outcome, text) => {
    expect(describeFailure(outcome)).toBe(text);
  });
});
