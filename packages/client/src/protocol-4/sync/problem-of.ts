/** What the engine calls the things that hosts do (SYNC-10), and requests that came to nothing (SYNC-17). */
import type { ProblemName, RequestFailure } from "../../engine/index.ts";
import type {
  CredentialsChanged,
  HostFailure4,
  HostFault4,
  Locked,
  SessionEnded4,
  StorageFull4,
  UnsupportedVersion,
} from "../outcomes.ts";

const problems: Readonly<Record<HostFault4, ProblemName | null>> = {
  "malformed-answer": null,
  "answer-too-large": null,
  redirect: null,
  rollback: "rolled-back",
  fork: "forked",
  "missing-link": "broken-chain",
  forged: "not-authentic",
  unlawful: "not-authentic",
  "wrong-account": "not-authentic",
  "wrong-host": "not-authentic",
  "wrong-slot": "not-authentic",
  "wrong-keyring": "not-authentic",
  "false-receipt": "false-receipt",
};

/** null: no answer of this protocol at all, so nothing to name. */
export function problemOf(fault: HostFault4): ProblemName | null {
  return problems[fault];
}

export type ContactFailure =
  HostFailure4 | SessionEnded4 | StorageFull4 | Locked | CredentialsChanged | UnsupportedVersion;

/** A failure as a request that came to nothing; what has a problem's name is raised before. */
export function requestFailureOf(failure: ContactFailure): RequestFailure {
  switch (failure.type) {
    case "unreachable":
      return { type: "unreachable" };
    case "host-failed":
      return { type: "busy", retryAfterMs: 0 };
    case "rate-limited":
      return { type: "busy", retryAfterMs: (failure.retryAfterSeconds ?? 0) * 1000 };
    case "storage-full":
      // As rarely as the engine ever asks: room is made within hours at best.
      return { type: "busy", retryAfterMs: Number.POSITIVE_INFINITY };
    case "host-refused":
    case "host-misbehaves":
    case "unsupported-version":
      return { type: "garbled" };
    case "session-ended":
    case "locked":
    case "credentials-changed":
      return { type: "unauthorized" };
  }
}

/** The problem's name where a revision was refused before it was opened; null: the request came to nothing. */
export function requestProblemOf(
  failure: ContactFailure,
): Exclude<ProblemName, "false-receipt"> | null {
  const problem = failure.type === "host-misbehaves" ? problemOf(failure.fault) : null;
  return problem === "false-receipt" ? "not-authentic" : problem;
}
