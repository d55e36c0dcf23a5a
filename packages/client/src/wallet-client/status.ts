/** What is going on, in one word for programs and one sentence for people. */
import type { Problem, ProblemName, SaveFailure } from "../engine/index.ts";
import type { Facts } from "./facts.ts";

export type Status =
  | { readonly type: "closed" }
  /** the device's memory is being read */
  | { readonly type: "opening" }
  /** what the device remembers cannot be read; it was left as it is */
  | { readonly type: "damaged"; readonly detail: string }
  /** another tab has the wallet open and has not answered yet */
  | { readonly type: "another-tab-leads" }
  /** this program failed at something it did not expect; saved edits are safe */
  | { readonly type: "broken" }
  /** edits are kept in memory only */
  | { readonly type: "not-saved"; readonly reason: SaveFailure }
  | {
      readonly type: "needs-password";
      readonly why: "no-account-yet" | "locked" | "changed-elsewhere";
    }
  | { readonly type: "host-misbehaves"; readonly problem: Problem }
  | { readonly type: "too-large"; readonly sizeBytes: number }
  /** `why`: the platform says so; or the last request failed, and another try is due */
  | { readonly type: "offline"; readonly why: Exclude<Facts["network"], "ok"> }
  /** onto this device's disk */
  | { readonly type: "saving" }
  | { readonly type: "checking" }
  | { readonly type: "merging" }
  /** to the host */
  | { readonly type: "pushing" }
  | { readonly type: "changing-password" }
  /** devices keep correcting each other */
  | { readonly type: "paused" }
  | { readonly type: "needs-decision"; readonly conflicts: number }
  /** on this device and on the host */
  | { readonly type: "saved" };

/** The one thing a person should know first. */
export function statusOf(facts: Facts, conflicts: number): Status {
  if (facts.isBroken) return { type: "broken" };
  if (facts.disk !== "saved" && facts.disk !== "saving")
    return { type: "not-saved", reason: facts.disk };
  if (facts.access !== "open") {
    if (facts.access === "refused") return { type: "needs-password", why: "changed-elsewhere" };
    return { type: "needs-password", why: facts.owner === "" ? "no-account-yet" : "locked" };
  }
  const { problem, tooLargeBytes, network } = facts;
  if (problem !== null && !facts.isDeciding) return { type: "host-misbehaves", problem };
  if (tooLargeBytes !== null) return { type: "too-large", sizeBytes: tooLargeBytes };
  if (network !== "ok") return { type: "offline", why: network };
  if (facts.disk === "saving") return { type: "saving" };
  if (facts.activity !== "idle") return { type: facts.activity };
  if (facts.isPaused) return { type: "paused" };
  return conflicts > 0 ? { type: "needs-decision", conflicts } : { type: "saved" };
}

const kept = "Your changes are kept on this device.";

const notSaved: Readonly<Record<SaveFailure, string>> = {
  "disk-full":
    "The disk is full, so your last changes are not saved yet. Make room; do not close this before.",
  "disk-failed":
    "The disk could not be written, so your last changes are not saved yet. Do not close this before they are.",
  "not-leader": "Another tab or program took this wallet over; your last changes are handed to it.",
};

const needsPassword = {
  "no-account-yet": "Sign in to have this wallet on your other devices.",
  locked: `The wallet is locked. ${kept} Unlock it to sync.`,
  "changed-elsewhere": `The host no longer takes this device's keys: the password was changed elsewhere, or this device was signed out. ${kept} Unlock again to sync.`,
};

const offline: Readonly<Record<Exclude<Facts["network"], "ok">, string>> = {
  offline: `You are offline. ${kept}`,
  unreachable: `The host cannot be reached; it is tried again by itself. ${kept}`,
  busy: `The host asks to wait; it is tried again by itself. ${kept}`,
  garbled: `The host's answer makes no sense; it is tried again by itself. ${kept}`,
  "not-sealed": `Your changes could not be encrypted; it is tried again by itself. ${kept}`,
};

const problems: Readonly<Record<ProblemName, string>> = {
  "rolled-back": "The host shows an older wallet than this device has already seen",
  forked: "The host shows another wallet in the place of one this device has seen",
  "not-authentic": "The wallet on the host was not made with your keys",
  "broken-chain": "The host leaves out what lies between this device's wallet and the one it shows",
  "old-epoch": "The host shows a wallet from before the last change of your keys",
  undecodable: "The wallet on the host cannot be read",
  "false-receipt": "The host says it stored another wallet than the one it was sent",
};

/** A sentence or two for people, without secrets. */
export function sentenceFor(status: Status): string {
  switch (status.type) {
    case "closed":
      return "The wallet is closed.";
    case "opening":
      return "The wallet is being opened.";
    case "damaged":
      return `What this device remembers of the wallet cannot be read: ${status.detail}. It was left as it is. The wallet on the host is not affected.`;
    case "another-tab-leads":
      return "Another tab has this wallet open. Waiting for it.";
    case "broken":
      return "This program failed. What was saved is safe; start it again.";
    case "not-saved":
      return notSaved[status.reason];
    case "needs-password":
      return needsPassword[status.why];
    case "host-misbehaves":
      return `${problems[status.problem.name]}. Nothing of it was taken, and syncing has stopped until you decide.`;
    case "too-large":
      return `The wallet is too large for the host (${status.sizeBytes} bytes). ${kept} They go out when it is smaller.`;
    case "offline":
      return offline[status.why];
    case "saving":
      return "Saving on this device.";
    case "checking":
      return "Looking for changes from your other devices.";
    case "merging":
      return "Putting changes from another device together with yours.";
    case "pushing":
      return "Sending your changes to your other devices.";
    case "changing-password":
      return "Changing the password.";
    case "paused":
      return `Two devices keep correcting each other, so sending has stopped. ${kept} Sync again, or update the older app.`;
    case "needs-decision":
      return status.conflicts === 1
        ? "Everything is saved and synced. One difference between your devices needs your decision."
        : `Everything is saved and synced. ${status.conflicts} differences between your devices need your decision.`;
    case "saved":
      return "Everything is saved and synced.";
  }
}
