/** Signing states (P4C-32). */
import { encodeCanonical } from "../canonical/canonical-json.ts";
import type { Secret } from "../secret/secret.ts";
import { publicKeyOf, signText } from "../signature/signing-key.ts";
import type { SecurityState, SignedState } from "./security-state.ts";

/** Signs with the parent's seed (the first state's own) and, where the authority key changes, with the new one. */
export function signState(
  state: SecurityState,
  parentSeed: Secret<"authority-seed">,
  ownSeed: Secret<"authority-seed">,
): SignedState {
  const body = encodeCanonical(state);
  const signature = signText("state", body, parentSeed);
  if (publicKeyOf(parentSeed) === state.authorityKey) return { body, signature };
  return { body, signature, successorSignature: signText("state-successor", body, ownSeed) };
}
