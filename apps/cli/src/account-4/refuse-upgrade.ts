import type { JoinUpgradedOutcome, UpgradeProfileOutcome } from "@holdfast/client";
import type { CommandResult } from "../command-result.ts";
import { refused } from "../command-result.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import { printable } from "../terminal/printable.ts";
import { refuse4 } from "./refuse-4.ts";

type Failure =
  | Exclude<
      UpgradeProfileOutcome | JoinUpgradedOutcome,
      { readonly type: "upgraded" | "logged-in" }
    >
  | { readonly type: "no-profile" | "profile-in-use" | "profile-damaged" | "other-protocol" };

/** Why a profile is still one of protocol 3. */
export function refuseUpgrade(failure: Failure): CommandResult {
  switch (failure.type) {
    case "rollback":
    case "fork":
      return refused(
        `upgrade-${failure.type}`,
        `The account was upgraded from ${failure.type === "rollback" ? "an older" : "another"} wallet than this device has seen (revision ${failure.ours.sequence}). Nothing was changed here. Keep this device, and ask the host's operator; \`holdfast wallet export\` writes its wallet out, and a new profile that is logged in can import it.`,
      );
    case "wallet-file-encrypted":
      return refused(
        failure.type,
        `The wallet file ${printable(failure.location)} is encrypted on disk, which accounts of protocol 4 cannot open. Nothing was changed. Decrypt it in the app it belongs to, then upgrade.`,
      );
    case "not-synced":
      return refused(
        failure.type,
        "Other devices kept changing the wallet, so nothing was upgraded. Run the command again in a moment.",
      );
    case "base-conflict":
    case "login-refused":
    case "too-large":
    case "not-upgraded":
    case "unsettled":
    case "locked":
    case "credentials-changed":
    case "mfa-required":
    case "mfa-refused":
    case "session-ended":
    case "host-failed":
      return refuse4(failure);
    case "credentials-refused":
    case "host-misbehaves":
    case "host-refused":
    case "local-wallet-unusable":
    case "merge-refused":
    case "mfa-needed":
    case "no-profile":
    case "not-logged-in":
    case "not-verified":
    case "other-protocol":
    case "password-needed":
    case "passcode-needed":
    case "wrong-passcode":
    case "profile-damaged":
    case "profile-in-use":
    case "protocol-4-account":
    case "rate-limited":
    case "storage-full":
    case "unreachable":
    case "unsupported-version":
    case "wallet-too-large":
      return refuseOutcome(failure);
  }
}
