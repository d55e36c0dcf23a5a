import { type Device, judgeAction, type WatchEnd, type WatchOptions } from "@holdfast/client";
import type { CommandResult } from "./command-result.ts";
import { done } from "./command-result.ts";
import type { Description } from "./describe-sync.ts";
import { describeWatch } from "./describe-watch.ts";
import { refuseOutcome } from "./refuse-outcome.ts";
import type { CommandContext } from "./run-command.ts";
import { untilStopped } from "./terminal/until-stopped.ts";

interface WatchUntilStopped extends Pick<WatchOptions, "action" | "pollMs"> {
  readonly describeAction: (outcome: { readonly type: string }) => Description | undefined;
  /** Called at each moment the host may know something new, before the action runs. */
  readonly onNews?: () => void;
}

/** Watches until the person stops it or only a person can mend what is wrong; prints each event as it happens. */
export async function watchUntilStopped(
  context: CommandContext,
  device: Device,
  { describeAction, onNews, ...options }: WatchUntilStopped,
): Promise<CommandResult> {
  let lastLine = "";
  let lastFailure = "";
  const onEvent: WatchOptions["onEvent"] = (event) => {
    if (event.type === "connected" || event.type === "notice") onNews?.();
    const judged = event.type === "acted" ? judgeAction(event.outcome) : undefined;
    const isFailure = judged !== undefined && judged !== "fine";
    if (judged === "fine") lastFailure = "";
    const description = describeWatch(event, describeAction);
    if (description === undefined) return;
    const line = description.lines.join(" ");
    if (!context.json && isFailure) {
      // What only a person can mend ends the watch, which says it. While a host is away, each try fails alike.
      if (judged === "person" || line === lastFailure) return;
      lastFailure = line;
    }
    // A poll every few minutes that finds nothing is no news to a person.
    if (!context.json && line === lastLine) return;
    lastLine = line;
    context.print(line, description.json);
  };
  const end = await untilStopped((signal) => device.watch({ ...options, signal, onEvent }));
  return describeEnd(end);
}

function describeEnd(end: WatchEnd): CommandResult {
  switch (end.type) {
    case "stopped":
      return done("Stopped watching.", { event: "stopped" });
    case "needs-person":
      return refuseOutcome(end.outcome);
    case "credentials-refused":
      return refuseOutcome(end);
  }
}
