/**
 * Requests that a token alone cannot make (P4-40 …): a nonce of this host, for one session, once, and the authority key's
 * signature over exactly what is asked.
 */
import {
  hashBytes,
  type Hash,
  type HostOrigin,
  type RandomBytes,
  verifyRequest,
} from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import type { DeviceSession } from "../devices/device-session-store.ts";
import { createShortLived } from "../short-lived/short-lived.ts";
import { quickCheck } from "./quick-check.ts";
import type { AccountViews } from "./account-views.ts";

export interface SignedRequests {
  challenge(session: DeviceSession): { readonly nonce: string; readonly expiresAtMs: number };
  /** Whether the account's newest authority key signed this. The nonce is used up in any case. */
  verify(request: {
    readonly session: DeviceSession;
    readonly nonce: string;
    readonly signature: string;
    /** Method and path below the base path. */
    readonly action: string;
    /** The body's raw bytes. */
    readonly body: Uint8Array;
  }): Promise<boolean>;
}

export function createSignedRequests(dependencies: {
  readonly views: AccountViews;
  readonly origin: () => HostOrigin;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): SignedRequests {
  const { views, origin, clock, randomBytes } = dependencies;
  const nonces = createShortLived<{ readonly sessionId: string }>({
    lifetimeMs: limits4.nonceMs,
    clock,
    randomBytes,
    handleBytes: 32,
    ownerOf: ({ sessionId }) => sessionId,
  });
  return {
    challenge({ sessionId }) {
      const { handle, expiresAtMs } = nonces.add({ sessionId });
      return { nonce: handle, expiresAtMs };
    },

    async verify({ session, nonce, signature, action, body }) {
      if (nonces.take(nonce)?.sessionId !== session.sessionId) return false;
      const view = await views.load(session.userId);
      if (view === undefined) return false;
      const identity = view.holder.identity as Hash;
      const expected = { identity, host: origin(), action, bodyHash: hashBytes(body), nonce };
      return verifyRequest(signature, expected, view.newest.authorityKey, quickCheck);
    },
  };
}
