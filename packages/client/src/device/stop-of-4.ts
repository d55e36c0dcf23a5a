import type { CredentialsRefused, HostFailure, SyncStop, UnsupportedVersion } from "../outcomes.ts";
import type { HeldAccount } from "../protocol-4/record/held-account.ts";
import type { ContactFailure } from "../protocol-4/sync/problem-of.ts";

/** The failures of protocol 4 in the words that every command knows. */
export function stopOf(failure: ContactFailure): SyncStop {
  if (failure.type === "session-ended") return { type: "session-ended", detail: "" };
  if (failure.type === "locked") return { type: "password-needed" };
  return failure.type === "storage-full" ? failure : answerOf(failure);
}

/** The host takes no session of this device's keys any more; remembered, so that the status tells of it. */
export async function keysRefused(account: HeldAccount): Promise<CredentialsRefused> {
  await account.noteRefusal("keys-refused");
  const isDeleted = account.record.refusal === "account-deleted";
  return { type: "credentials-refused", detail: "", keys: isDeleted ? "deleted" : "refused" };
}

export function answerOf(
  failure: Exclude<ContactFailure, { readonly type: "session-ended" | "locked" | "storage-full" }>,
): CredentialsRefused | UnsupportedVersion | HostFailure {
  switch (failure.type) {
    case "host-failed":
      return { ...failure, detail: "" };
    case "host-refused": {
      const { type, status, detail } = failure;
      return { type, status, detail };
    }
    case "credentials-changed": {
      const detail = "another device changed the password or the keys";
      return { type: "credentials-refused", detail, keys: "forgotten" };
    }
    case "unsupported-version":
      return { type: "unsupported-version" };
    case "unreachable":
    case "host-misbehaves":
    case "rate-limited":
      return failure;
  }
}
