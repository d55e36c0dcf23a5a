/** What a host did that no honest and intact one does, as an outcome for people (P3C-27 to P3C-29, SYNC-10). */
import type { Problem, ProblemName } from "../engine/index.ts";
import type { HostFault, HostMisbehaves } from "../outcomes.ts";

const faults: Readonly<Record<ProblemName, HostFault>> = {
  "rolled-back": "rollback",
  forked: "same-sequence-other-content",
  "not-authentic": "wrong-hmac",
  "broken-chain": "broken-chain",
  "old-epoch": "old-keys",
  undecodable: "undecodable",
  "false-receipt": "accepted-something-else",
};

/** `rejection`: why the wallet could not be read, where that is the problem. */
export function describeProblem(problem: Problem, rejection: string | null): HostMisbehaves {
  return {
    type: "host-misbehaves",
    fault: faults[problem.name],
    detail: detailOf(problem, rejection),
  };
}

function detailOf({ name, ours, theirs }: Problem, rejection: string | null): string {
  switch (name) {
    case "rolled-back":
      return theirs.sequence === 0
        ? `it says there is no wallet, and this device has seen revision ${ours.sequence}`
        : `it shows revision ${theirs.sequence}, and this device has seen revision ${ours.sequence}`;
    case "forked":
      return theirs.sequence === ours.sequence
        ? `it shows another revision ${ours.sequence} than the one this device has seen`
        : `it shows revision ${theirs.sequence}, which does not come from the revision ${ours.sequence} this device has seen`;
    case "not-authentic":
      return "no device with this password vouches for the wallet it shows";
    case "broken-chain":
      return `it does not prove that revision ${theirs.sequence} comes from the revision ${ours.sequence} this device has seen`;
    case "old-epoch":
      return `revision ${theirs.sequence} was written under keys that have been replaced since`;
    case "undecodable":
      return rejection ?? `nothing in revision ${theirs.sequence} is a wallet`;
    case "false-receipt":
      return "it says it stored the wallet, and shows another one than was sent";
  }
}
