/** What a host's newest revision means to a device that remembers earlier ones (P3C-28, P3C-29). Pure. */
import type { KnownRevision } from "../device/profile.ts";
import type { HostMisbehaves } from "../outcomes.ts";
import { isSameRevision, type Revision } from "../protocol-3/host-api.ts";

export type RemoteVerdict =
  /** no wallet, and none was expected */
  | { readonly type: "none" }
  /** the revision this device synced last */
  | { readonly type: "same" }
  /** the push whose answer was lost: it had arrived */
  | { readonly type: "ours"; readonly revision: KnownRevision }
  /** not yet verified */
  | { readonly type: "newer"; readonly revision: Revision }
  | HostMisbehaves;

/** `remote` null: the host says there is no wallet. */
export function judgeRemote(
  remote: Revision | null,
  { synced, inFlight }: { synced: KnownRevision | null; inFlight: KnownRevision | null },
): RemoteVerdict {
  const seen = synced?.sequence ?? 0;
  if (remote === null) {
    if (synced === null) return { type: "none" };
    return rollback(`it says there is no wallet, and this device has seen revision ${seen}`);
  }
  if (inFlight !== null && isSameRevision(remote, inFlight)) {
    return { type: "ours", revision: inFlight };
  }
  if (remote.sequence > seen) return { type: "newer", revision: remote };
  if (synced === null || remote.sequence < seen) {
    return rollback(
      `it shows revision ${remote.sequence}, and this device has seen revision ${seen}`,
    );
  }
  if (isSameRevision(remote, synced)) return { type: "same" };
  return {
    type: "host-misbehaves",
    fault: "same-sequence-other-content",
    detail: `it shows another revision ${seen} than the one this device has seen`,
  };
}

function rollback(detail: string): HostMisbehaves {
  return { type: "host-misbehaves", fault: "rollback", detail };
}
