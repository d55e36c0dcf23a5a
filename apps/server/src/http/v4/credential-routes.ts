/** /credentials (P4-34 …). */
import {
  type ChangedCredentialsAnswer,
  operations4,
  type PutCredentialsRequest,
  type StartedRegistrationAnswer,
} from "@holdfast/protocol/protocol-4";
import type { DeviceSession } from "../../devices/device-session-store.ts";
import { readCredentials } from "../../credentials/read-credentials.ts";
import { encodeCredentials, encodeSession } from "./encode.ts";
import { decodeHealing } from "./pushed.ts";
import { type AddRoute, type Answer4, limitKey, sessionKey } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addCredentialRoutes(addRoute: AddRoute, services: Services4): void {
  const { credentials, credentialChanges } = services;
  const bySession = (_: unknown, session: DeviceSession) => sessionKey("credentials", session);

  addRoute({
    operation: operations4.getCredentials,
    label: "credentials",
    async handle({ session, number }) {
      const read = await readCredentials(credentials, session.userId, number("after") ?? 0);
      if (read === undefined) return { problem: "session-ended" };
      return { status: 200, body: encodeCredentials(read.credentials) };
    },
  });

  addRoute({
    operation: operations4.startCredentials,
    label: "credentials-start",
    limits: { of: "credentials", account: bySession },
    async handle({ session, body }) {
      const answer: StartedRegistrationAnswer = credentialChanges.start(session, body.registration);
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.putCredentials,
    label: "credentials",
    limits: { of: "credentials", account: bySession },
    handle: async ({ session, body }) =>
      encodeChanged(await credentialChanges.change(session, decodeChange(body))),
  });

  addRoute({
    operation: operations4.healCredentials,
    label: "credentials-heal",
    limits: { of: "credentials", account: ({ identity }) => limitKey("heal", identity) },
    handle: async ({ ip, body: { identity, mfaCode, ...body } }) =>
      encodeChanged(await credentialChanges.heal(identity, decodeChange(body), mfaCode, ip)),
  });
}

/** Throws CryptoError `malformed`. */
function decodeChange(body: PutCredentialsRequest) {
  const wallets = (body.wallets ?? []).map(({ walletId, ...healing }) =>
    decodeHealing(walletId, healing),
  );
  return { ...body, wallets };
}

function encodeChanged(
  outcome: Awaited<ReturnType<Services4["credentialChanges"]["heal"]>>,
): Answer4 {
  switch (outcome.type) {
    case "changed": {
      const { epoch, session: granted } = outcome;
      const answer: ChangedCredentialsAnswer = {
        epoch,
        ...(granted !== undefined && { session: encodeSession(granted) }),
      };
      return { status: 200, body: answer };
    }
    case "state-conflict":
      return { problem: outcome.type, members: { epoch: outcome.epoch } };
    case "storage-full":
      return { problem: outcome.type, members: { maxBytes: outcome.maxBytes } };
    case "head-moved":
      return { problem: outcome.type, members: { walletId: outcome.walletId } };
    case "refused-state":
      return { problem: outcome.type, detail: outcome.why };
    case "refused-revision": {
      const { walletId, why } = outcome;
      return { problem: outcome.type, detail: why, members: { walletId } };
    }
    case "rate-limited":
      return { problem: outcome.type, retryAfterMs: outcome.retryAfterMs };
    case "session-ended":
    case "login-refused":
    case "mfa-required":
    case "mfa-refused":
    case "start-again":
      return { problem: outcome.type };
  }
}
