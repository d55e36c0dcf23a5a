/**
 * The relay between two devices that are being paired (P4-70 …): one sealed message, five minutes, fetched once by the device
 * that asked for it. The host can read none of it; what it learns is which account was given on, and tells all its devices.
 */
import { timingSafeEqual } from "node:crypto";
import { encodeBase64url, type RandomBytes } from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import type { Notices4 } from "../credentials/notices-4.ts";
import type { DeviceSession } from "../devices/device-session-store.ts";
import { createShortLived } from "../short-lived/short-lived.ts";

export interface Pairings {
  /** `claim` fetches the message. */
  start(
    pairingId: string,
  ):
    | { readonly type: "started"; readonly claim: string; readonly expiresAtMs: number }
    | { readonly type: "pairing-taken" };
  put(
    session: DeviceSession,
    pairingId: string,
    message: string,
  ): { readonly type: "sent" | "unknown-pairing" | "pairing-taken" };
  fetch(
    pairingId: string,
    claim: string,
  ):
    | { readonly type: "fetched"; readonly message: string }
    | { readonly type: "waiting" }
    | { readonly type: "unknown-pairing" };
  /** Whose account was given to the device that has fetched this pairing's message a moment ago. */
  pairedAccount(pairingId: string): number | undefined;
}

interface Pairing {
  readonly claim: Buffer;
  /** By whom, once there is a message. */
  sent: { readonly userId: number; readonly deviceId: string } | undefined;
}

const MAX_BYTES = 64 * 1024 * 1024;

export function createPairings(dependencies: {
  readonly notices: Pick<Notices4, "pairing">;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): Pairings {
  const { notices, clock, randomBytes } = dependencies;
  const shared = { clock, randomBytes, lifetimeMs: limits4.pairingMs };
  const open = createShortLived<Pairing>(shared);
  // Counted apart, so that waiting devices are not pushed out by large messages.
  const messages = createShortLived<{ readonly message: string }>({
    ...shared,
    maxBytes: MAX_BYTES,
    sizeOf: ({ message }) => message.length,
  });
  const finished = createShortLived<{ readonly userId: number }>(shared);

  return {
    start(pairingId) {
      const claim = encodeBase64url(randomBytes(32));
      if (finished.find(pairingId) !== undefined) return { type: "pairing-taken" };
      const kept = open.addAs(pairingId, { claim: Buffer.from(claim), sent: undefined });
      if (kept === undefined) return { type: "pairing-taken" };
      return { type: "started", claim, expiresAtMs: kept.expiresAtMs };
    },

    put({ userId, deviceId }, pairingId, message) {
      const pairing = open.find(pairingId);
      if (pairing === undefined) return { type: "unknown-pairing" };
      if (pairing.sent !== undefined) return { type: "pairing-taken" };
      pairing.sent = { userId, deviceId };
      messages.addAs(pairingId, { message });
      notices.pairing(userId, { pairingId, step: "sent", deviceId });
      return { type: "sent" };
    },

    fetch(pairingId, claim) {
      const pairing = open.find(pairingId);
      const given = Buffer.from(claim);
      const isClaimed =
        pairing !== undefined &&
        given.length === pairing.claim.length &&
        timingSafeEqual(given, pairing.claim);
      if (!isClaimed) return { type: "unknown-pairing" };
      if (pairing.sent === undefined) return { type: "waiting" };
      const { userId, deviceId } = pairing.sent;
      const sent = messages.take(pairingId);
      open.take(pairingId);
      if (sent === undefined) return { type: "unknown-pairing" };
      finished.addAs(pairingId, { userId });
      notices.pairing(userId, { pairingId, step: "fetched", deviceId });
      return { type: "fetched", message: sent.message };
    },

    pairedAccount: (pairingId) => finished.find(pairingId)?.userId,
  };
}
