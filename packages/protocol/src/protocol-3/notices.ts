/** What a host says over the WebSocket (P3-60): that a wallet was stored, and under which sequence. */
import { limits3 } from "./limits.ts";

/** The text message for a stored wallet. */
export function encodeWalletUpdate(sequence: number): string {
  return `wallet-update:${sequence}`;
}

/** The sequence of a `wallet-update` message, undefined for any other text. */
export function parseWalletUpdate(message: string): number | undefined {
  const digits = /^wallet-update:([1-9][0-9]{0,9})$/.exec(message)?.[1];
  const sequence = Number(digits);
  return digits !== undefined && sequence <= limits3.sequence ? sequence : undefined;
}

/** Codes with which a host closes a WebSocket, beside those of RFC 6455. */
export const socketCloseCodes3 = {
  /** The user's credentials changed, or the session expired: log in again. */
  sessionEnded: 4401,
} as const;
