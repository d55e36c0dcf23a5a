/**
 * Which ciphertexts of a wallet the host keeps (P4-65). Headers are kept for ever, so that every chain can be verified; bodies:
 * the newest; everything for 48 hours; then the last one of each day for 90 days, then the last one of each month; for ever the
 * one before a rotation; and the newest hundred of those before a restore or other break that a client marked, and before a
 * large shrink. Pure: a fold over bodies, the newest first, so that a walk needs no more than one of them at a time.
 */
import type { KeptBody } from "./revision-store.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const EVERYTHING_MS = 48 * HOUR_MS;
const DAILY_MS = 90 * DAY_MS;
/** A revision of less than half the size of the one before: something large was dropped, on purpose or not. */
const LARGE_SHRINK = 0.5;
/** Marks are the client's word and shrinks its doing, so they keep no more than this of one wallet. */
export const MAX_MARKED = 100;

/** Says of one body after the other whether it goes. Each wallet's bodies come together, the newest first. */
export function createRetention(nowMs: number): (body: KeptBody) => boolean {
  let wallet = "";
  let period = "";
  let marked = 0;
  return (body) => {
    const { storedAtMs, generation, next } = body;
    const ownWallet = `${body.userId} ${body.walletId}`;
    if (ownWallet !== wallet) [wallet, period, marked] = [ownWallet, "", 0];
    const ownPeriod = periodOf(storedAtMs, nowMs);
    const isLastOfPeriod = ownPeriod !== period;
    period = ownPeriod;
    if (next === undefined) return false;
    const isMarked = next.keepsPrevious || isShrink(body.bytes, next.bytes);
    if (isMarked) marked += 1;
    const isKept =
      nowMs - storedAtMs < EVERYTHING_MS ||
      isLastOfPeriod ||
      next.generation > generation ||
      (isMarked && marked <= MAX_MARKED);
    return !isKept;
  };
}

/** Of headers that healed a host the size is not known. */
function isShrink(before: number, after: number): boolean {
  return after > 0 && after < before * LARGE_SHRINK;
}

/** The day, or beyond 90 days the month, in UTC. */
function periodOf(storedAtMs: number, nowMs: number): string {
  const day = new Date(storedAtMs).toISOString().slice(0, 10);
  return nowMs - storedAtMs < DAILY_MS ? day : day.slice(0, 7);
}
