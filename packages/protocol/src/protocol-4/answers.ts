/** What a host answers. A client reads the answers of an untrusted host with these; further fields are ignored. */
import { z } from "zod";
import * as field from "./fields.ts";
import { credentials, revision, session, walletHead } from "./messages.ts";

/** 200 of GET / */
export const hostAnswer = z.object({
  name: z.string(),
  /** The origin that states, requests and logins name. */
  origin: z.string(),
  /** Protocol versions that the host speaks. */
  versions: z.array(z.int()),
  /** Who may register: anybody, those whom the host invited, or anybody who reads the mail of an address. */
  signUp: z.enum(["open", "invited", "by-mail"]),
  limits: z.object({
    walletBytes: z.int(),
    /** Of all of an account's revisions (P4-66). */
    accountBytes: z.int().optional(),
    wallets: z.int(),
    headersPerPage: z.int(),
  }),
});

/** 200 of POST /accounts/start, POST /credentials/start */
export const startedRegistrationAnswer = z.object({
  registrationId: field.handle,
  response: field.opaque.registrationResponse,
});

/** 201 of POST /accounts/finish and /accounts/verify, POST /upgrade: the account is there. */
export const createdAccountAnswer = z.object({ identity: field.hash, session });
/** 202 of POST /accounts/finish: a code was mailed, for POST /accounts/verify. */
export const mailedAnswer = z.object({ expiresAt: field.timeMs });

/** 200 of POST /sessions/start */
export const startedSessionAnswer = z.object({
  loginId: field.handle,
  response: field.opaque.loginResponse,
});

/** 200 of POST /sessions/finish and /sessions/signature */
export const openedSessionAnswer = z.object({ session, id: z.string(), credentials });

/** 200 of POST /sessions/challenge, POST /challenges */
export const challengeAnswer = z.object({ nonce: field.nonce, expiresAt: field.timeMs });

/** 200 of POST /recovery */
export const recoveryAnswer = z.object({ credentials });

/** 200 of GET /sessions */
export const sessionsAnswer = z.object({
  sessions: z.array(
    z.object({
      sessionId: field.handle,
      deviceId: field.deviceId,
      name: z.string(),
      createdAt: field.timeMs,
      lastSeenAt: field.timeMs,
      expiresAt: field.timeMs,
      current: z.boolean(),
    }),
  ),
});

/** 200 of GET /account */
export const accountAnswer = z.object({
  id: z.string(),
  version: z.literal(4),
  identity: field.hash,
  epoch: field.ordinal,
  verified: z.boolean(),
  mfa: z.object({ totp: z.boolean(), recoveryCodesLeft: z.int() }),
  wallets: z.array(walletHead),
});

/** 200 of PATCH /account: changed at once, or waiting for the code that was mailed to the new address. */
export const changeIdAnswer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("changed"), id: z.string() }),
  z.object({ type: z.literal("mailed"), changeId: field.handle, expiresAt: field.timeMs }),
]);
/** 200 of POST /account/verify */
export const changedIdAnswer = z.object({ id: z.string() });

/** 200 of GET /credentials: states after the asked-for epoch. */
export const credentialsAnswer = credentials;

/** 200 of PUT /credentials; `session` is there where the change ended all sessions. */
export const changedCredentialsAnswer = z.object({
  epoch: field.ordinal,
  session: session.optional(),
});

/** 200 of POST /mfa/totp: nothing is on before it was confirmed. */
export const startedTotpAnswer = z.object({
  enrolmentId: field.handle,
  /** Base32. */
  secret: z.string(),
  /** `otpauth://totp/…` */
  uri: z.string(),
});
/** 200 of POST /mfa/totp/confirm, POST /mfa/recovery-codes; shown this once. */
export const recoveryCodesAnswer = z.object({ recoveryCodes: z.array(z.string()) });

/** 200 of GET /wallets/:walletId and of GET /wallets/:walletId/revisions/:sequence */
export const revisionAnswer = z.object(revision.shape);

/** 200 of PUT /wallets/:walletId and POST /wallets/:walletId/revisions: the head that the host has now. */
export const storedRevisionAnswer = z.object({
  walletId: field.walletId,
  sequence: field.ordinal,
  hash: field.hash,
});

/** 200 of GET /wallets/:walletId/revisions: headers after the asked-for sequence, oldest first. */
export const headersAnswer = z.object({
  headers: z.array(
    z.object({
      header: field.signed,
      /** When the host stored it. */
      storedAt: field.timeMs,
      /** Whether the host still has the ciphertext. */
      hasBody: z.boolean(),
    }),
  ),
  /** The newest sequence; beyond the last header there is more. */
  head: field.ordinal.optional(),
});

/** 409 `conflict` of PUT and POST: the newest revision, absent where there is none. */
export const conflictMember = revisionAnswer.optional();

/** 201 of POST /pairings; `claim` is what fetches the message. */
export const startedPairingAnswer = z.object({ claim: field.token, expiresAt: field.timeMs });
/** 200 of GET /pairings/:pairingId: once. 204 until it is there. */
export const pairingAnswer = z.object({ message: z.string() });

/** 200 of POST /events/ticket */
export const ticketAnswer = z.object({ ticket: field.token, expiresAt: field.timeMs });

export type HostAnswer = z.output<typeof hostAnswer>;
export type StartedRegistrationAnswer = z.output<typeof startedRegistrationAnswer>;
export type CreatedAccountAnswer = z.output<typeof createdAccountAnswer>;
export type MailedAnswer = z.output<typeof mailedAnswer>;
export type StartedSessionAnswer = z.output<typeof startedSessionAnswer>;
export type OpenedSessionAnswer = z.output<typeof openedSessionAnswer>;
export type ChallengeAnswer = z.output<typeof challengeAnswer>;
export type RecoveryAnswer = z.output<typeof recoveryAnswer>;
export type SessionsAnswer = z.output<typeof sessionsAnswer>;
export type AccountAnswer = z.output<typeof accountAnswer>;
export type ChangeIdAnswer = z.output<typeof changeIdAnswer>;
export type ChangedIdAnswer = z.output<typeof changedIdAnswer>;
export type ChangedCredentialsAnswer = z.output<typeof changedCredentialsAnswer>;
export type StartedTotpAnswer = z.output<typeof startedTotpAnswer>;
export type RecoveryCodesAnswer = z.output<typeof recoveryCodesAnswer>;
export type StoredRevisionAnswer = z.output<typeof storedRevisionAnswer>;
export type HeadersAnswer = z.output<typeof headersAnswer>;
export type StartedPairingAnswer = z.output<typeof startedPairingAnswer>;
export type PairingAnswer = z.output<typeof pairingAnswer>;
export type TicketAnswer = z.output<typeof ticketAnswer>;
