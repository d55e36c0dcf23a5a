/** The events socket (P4-80 …): one message of the client, then the host's. */
import { z } from "zod";
import * as field from "./fields.ts";
import { walletHead } from "./messages.ts";

/** The client's only message: a session's token, or a ticket. */
export const socketGreeting = z.union([
  z.strictObject({ type: z.literal("authenticate"), token: field.token }),
  z.strictObject({ type: z.literal("authenticate"), ticket: field.token }),
]);
export type SocketGreeting = z.output<typeof socketGreeting>;

/** What the host says. The first is `ready`: where everything stands, so that nothing that happened before is missed. */
export const hostEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), epoch: field.ordinal, wallets: z.array(walletHead) }),
  z.object({
    type: z.literal("wallet"),
    walletId: field.walletId,
    sequence: field.ordinal,
    hash: field.hash,
    deviceId: field.deviceId,
  }),
  z.object({ type: z.literal("credentials"), epoch: field.ordinal }),
  /** The last one; the socket closes. */
  z.object({ type: z.literal("session-ended") }),
  /** A device gave the account to another one by this pairing, or that one has fetched it. */
  z.object({
    type: z.literal("pairing"),
    pairingId: field.handle,
    step: z.enum(["sent", "fetched"]),
    deviceId: field.deviceId,
  }),
]);
export type HostEvent = z.output<typeof hostEvent>;

/** Codes with which a host closes an events socket, beside those of RFC 6455. */
export const socketCloseCodes4 = {
  /** The first message was none, came late, or there was a second one. */
  badGreeting: 4400,
  /** The session or ticket is unknown or over: log in again. */
  sessionEnded: 4401,
  /** The account has as many sockets as it may have. */
  tooManySockets: 4429,
} as const;
