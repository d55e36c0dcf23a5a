/** Requests that a token alone cannot make (P4C-40): the host's nonce first, then the request with the authority's signature. */
import {
  hashBytes,
  type Hash,
  type HostOrigin,
  type Secret as Key,
  signRequest,
} from "@holdfast/crypto";
import { actionOf, type OperationName4, signedRequestHeaders } from "@holdfast/protocol/protocol-4";
import type { Secret } from "../../secret.ts";
import type { SessionEnded4, HostFailure4 } from "../outcomes.ts";
import type { CallInput, CallOutcome, HostApi4 } from "./host-api.ts";

export type Signer = {
  readonly identity: Hash;
  /** of the client's own connection */
  readonly host: HostOrigin;
  readonly seed: Key<"authority-seed">;
};

export async function callSigned<Name extends OperationName4>(
  api: HostApi4,
  name: Name,
  input: CallInput<Name> & { readonly token: Secret },
  { identity, host, seed }: Signer,
): Promise<CallOutcome<Name> | SessionEnded4 | HostFailure4> {
  const { token, signal } = input;
  return await api.callWith(name, input, async ({ operation, path, body }) => {
    const challenge = await api.call("challenge", { token, signal });
    if (challenge.type !== "answer") return challenge;
    const { nonce } = challenge.value;
    const bodyHash = hashBytes(new TextEncoder().encode(body ?? ""));
    const request = { identity, host, action: actionOf(operation, path), bodyHash, nonce };
    return {
      type: "headers",
      headers: {
        [signedRequestHeaders.nonce]: nonce,
        [signedRequestHeaders.signature]: signRequest(request, seed),
      },
    };
  });
}
