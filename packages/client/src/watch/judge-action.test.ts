import { describe, expect, it } from "vitest";
import { judgeAction } from "./judge-action.ts";

describe("judging an action", () => {
  it.each([
    [{ type: "synced" }, "fine"],
    [{ type: "unreachable" }, "retry"],
    [{ type: "session-ended" }, "log-in"],
    [{ type: "host-misbehaves" }, "person"],
    [{ type: "wallet-too-large" }, "person"],
    [{ type: "local-wallet-unusable", reason: "locked" }, "person"],
    [{ type: "local-wallet-unusable", reason: "changed-meanwhile" }, "retry"],
    [{ type: "something nobody has heard of" }, "person"],
    [{ type: "toString" }, "person"],
  ])("[P3C-42] %o: %s", (outcome, verdict) => {
    expect(judgeAction(outcome)).toBe(verdict);
  });
});
