/**
 * The host's check of pushed revisions (P4C-58): one on its head, or, when it came back from a backup, the list of headers
 * that it lacks. It needs public keys and hashes only. Storing, and comparing once more under a lock, is the host's.
 */
import { hashBytes, hashText } from "../hash/hash.ts";
import type { PublicKey } from "../identifiers.ts";
import type { Signed } from "../signature/signed.ts";
import type { QuickCheck } from "../signature/verify-signature.ts";
import { runToEnd, type Steps } from "../steps.ts";
import { certifiedKey, type CertificateContext } from "../wallet/certificate.ts";
import type { Head, VerifiedHeader } from "./header.ts";
import {
  type HeadersOutcome,
  type HeadersToVerify,
  verifyHeadersInSteps,
} from "./verify-headers.ts";

export interface RevisionsToCheck extends Pick<
  HeadersToVerify,
  "identity" | "walletId" | "generations" | "epoch"
> {
  readonly head?: Head | undefined;
  /** Oldest first; one but for healing. */
  readonly headers: readonly Signed[];
  /** The newest header's ciphertext. */
  readonly encryptedWallet: Uint8Array;
  readonly maxBytes: number;
  /** The writer keys that the host knows already, by generation. */
  readonly writerKeys: ReadonlyMap<number, PublicKey>;
  /** Certificates that came along, by generation. */
  readonly certificates: ReadonlyMap<number, Signed>;
  readonly stateAt: CertificateContext["stateAt"];
  readonly quickCheck?: QuickCheck | undefined;
}

export type RevisionsOutcome =
  | {
      readonly type: "accepted";
      readonly head: Head;
      readonly fresh: readonly VerifiedHeader[];
      /** Writer keys that are certified now, by generation, to be kept. */
      readonly certified: ReadonlyMap<number, PublicKey>;
    }
  /** The host's head is this very revision already: answer as the first time. */
  | { readonly type: "repeated" }
  /** It does not follow the host's head. */
  | { readonly type: "conflict" }
  | { readonly type: "too-large"; readonly maxBytes: number }
  /** The ciphertext is not the one that the header names. */
  | { readonly type: "wrong-body" }
  /** The generation that is open now is another one. */
  | { readonly type: "wrong-generation"; readonly open: number }
  | Extract<
      HeadersOutcome,
      {
        readonly type:
          | "forged"
          | "closed-generation"
          | "closing-mismatch"
          | "epoch-fell"
          | "unknown-epoch"
          | "missing-link";
      }
    >;

export function checkRevisions(request: RevisionsToCheck): RevisionsOutcome {
  return runToEnd(checkRevisionsInSteps(request));
}

/** The same in steps: the signatures of thousands of headers take seconds. */
export function* checkRevisionsInSteps(request: RevisionsToCheck): Steps<RevisionsOutcome> {
  const { head, headers, encryptedWallet, maxBytes, generations } = request;
  if (encryptedWallet.length > maxBytes) return { type: "too-large", maxBytes };
  const newest = headers.at(-1);
  if (newest === undefined) return { type: "missing-link", position: (head?.sequence ?? 0) + 1 };
  if (hashText(newest.body) === head?.hash) return { type: "repeated" };

  const known = new Map(request.writerKeys);
  const certified = new Map<number, PublicKey>();
  for (const [generation, certificate] of request.certificates) {
    if (known.has(generation) || !isOneOf(generations, generation)) continue;
    const key = certifiedKey(certificate, { ...request, generation });
    if (key !== undefined) certified.set(generation, key);
    yield;
  }
  const outcome = yield* verifyHeadersInSteps({
    ...request,
    remembered: head,
    received: headers,
    writerKey: (generation) => known.get(generation) ?? certified.get(generation),
    signatures: "all",
  });
  if (outcome.type === "rollback" || outcome.type === "fork") return { type: "conflict" };
  if (outcome.type !== "verified") return outcome;
  const last = outcome.fresh.at(-1);
  if (outcome.head === undefined || last === undefined) return { type: "conflict" };
  if (hashBytes(encryptedWallet) !== last.encryptedWalletHash) return { type: "wrong-body" };
  const open = generations.at(-1)?.generation ?? 1;
  if (last.generation !== open) return { type: "wrong-generation", open };
  return { type: "accepted", head: outcome.head, fresh: outcome.fresh, certified };
}

/** Whether the wallet ever had this generation: the certificate of another one is not worth a look. */
function isOneOf(generations: RevisionsToCheck["generations"], generation: number): boolean {
  return generations.some((one) => one.generation === generation);
}
