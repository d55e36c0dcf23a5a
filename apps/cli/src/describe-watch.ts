import type { WatchEvent } from "@holdfast/client";
import type { Description } from "./describe-sync.ts";

/** What happened in a watch, in a line for people and fields for scripts; undefined: not worth a line. */
export function describeWatch(
  event: WatchEvent,
  describeAction: (outcome: { readonly type: string }) => Description | undefined,
): Description | undefined {
  switch (event.type) {
    case "connecting":
      return undefined;
    case "connected":
      return describe("Connected; waiting for changes.", { event: "connected" });
    case "notice":
      return describe(`The host announced revision ${event.sequence}.`, {
        event: "notice",
        sequence: event.sequence,
      });
    case "disconnected": {
      const seconds = Math.ceil(event.retryInMs / 1000);
      return describe(`Not connected; trying again in ${seconds} s.`, {
        event: "disconnected",
        retryInMs: event.retryInMs,
      });
    }
    case "acted": {
      const action = describeAction(event.outcome);
      if (action === undefined) return undefined;
      return {
        lines: action.lines,
        json: { event: "acted", outcome: event.outcome.type, ...action.json },
      };
    }
  }
}

function describe(line: string, json: Description["json"]): Description {
  return { lines: [line], json };
}
