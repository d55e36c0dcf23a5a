/**
 * Pairing, the new device's side (P4K-45 to P4K-47): it shows an invitation, waits for the message, shows whose account it
 * is, and takes it only after a yes. What a host does to the message is a message that does not open.
 */
import {
  createPairing,
  encodeInvitation,
  identityFingerprint,
  type Fingerprint,
  openPairing,
  type OpenPairing,
  type PairedAccount,
} from "@holdfast/crypto";
import { limits4 } from "@holdfast/protocol/protocol-4";
import { rememberProtocol4 } from "../../protocol-memory/protocol-memory.ts";
import { Secret } from "../../secret.ts";
import type { HostFailure4 } from "../outcomes.ts";
import type { AccountPorts } from "../record/account-ports.ts";
import { type AccountRecord, originOf } from "../record/account-record.ts";
import { apiFor } from "../record/held-account.ts";
import { logInBySignature } from "./log-in-signature.ts";
import { createDeviceId, holdAccount } from "./new-record.ts";
import { acceptSession, type KeepKey, type LogInOutcome } from "./session.ts";
import { unlockByKey, verifyCredentials } from "./verify-credentials.ts";

const pollMs = 1500;

export type InviteInput = {
  readonly host: URL;
  readonly deviceName: string;
  readonly keep?: KeepKey;
  readonly signal?: AbortSignal;
};

export type PairingOffer = {
  readonly type: "invited";
  /** shown as a QR code and as a line to copy; whoever sees it can offer this device an account, and open nothing */
  readonly invitation: string;
  /** Resolves when the other device answered, the invitation ran out, or `signal` aborts. */
  answer(): Promise<PairingAnswer>;
};

export type PairingAnswer =
  | {
      readonly type: "offered";
      /** what the person compares with the other device before saying yes */
      readonly id: string;
      readonly fingerprint: Fingerprint;
      accept(): Promise<LogInOutcome>;
    }
  /** the host's message is not one that was made for this invitation */
  | { readonly type: "not-authentic" }
  | { readonly type: "expired" }
  | HostFailure4;

export async function invite(
  ports: AccountPorts,
  { host, deviceName, keep = "stored", signal }: InviteInput,
): Promise<PairingOffer | HostFailure4 | { readonly type: "pairing-taken" }> {
  const api = apiFor(ports, host);
  const pairing = await createPairing(originOf(host), deviceName, ports.randomBytes);
  const { pairingId } = pairing.invitation;
  const started = await api.call("startPairing", { body: { pairingId }, signal });
  if (started.type === "problem") return { type: started.code };
  if (started.type !== "answer") return started;
  const claim = new Secret(started.value.claim);
  // By this device's clock, so that a host cannot make it wait for ever.
  const endsAt = ports.clock.nowMs() + limits4.pairingMs;

  const answer = async (): Promise<PairingAnswer> => {
    while (ports.clock.nowMs() < endsAt) {
      if (signal?.aborted === true) break;
      const path = { pairingId };
      const polled = await api.call("getPairing", { path, token: claim, signal });
      if (polled.type === "problem") return { type: "expired" };
      if (polled.type === "answer" && polled.status === 200)
        return await opened(polled.value.message);
      if (polled.type !== "answer" && polled.type !== "unreachable") return polled;
      await ports.clock.sleep(pollMs, signal);
    }
    return { type: "expired" };
  };

  const opened = async (message: string): Promise<PairingAnswer> => {
    const paired = await openMessage(pairing, message);
    if (paired === null) return { type: "not-authentic" };
    return {
      type: "offered",
      id: paired.id,
      fingerprint: identityFingerprint(paired.account.state.account.identity),
      accept: async () => await accept(paired),
    };
  };

  const accept = async (paired: PairedAccount): Promise<LogInOutcome> => {
    const { account: unlocked, states } = paired;
    const deviceId = createDeviceId(ports);
    const origin = originOf(host);
    return await logInBySignature(
      {
        api,
        origin,
        unlocked,
        deviceId,
        deviceName,
        purpose: { purpose: "pairing", pairingId },
        signal,
      },
      async (session) => {
        const verified = verifyCredentials({ known: states, host: origin }, session.credentials);
        if (verified.type !== "verified") return verified;
        const now = unlockByKey(verified, unlocked.accountKey);
        if (now.type !== "unlocked") return now;
        // What the person said yes to, whatever the host calls it now (P4K-5).
        await rememberProtocol4(ports.protocolMemory, host, paired.id);
        const { slots } = verified;
        const held = holdAccount(
          ports,
          {
            host,
            id: session.id,
            deviceId,
            deviceName,
            unlocked: now.account,
            states: verified.states,
            slots,
            keep,
          },
          { wallets: headsOf(paired) },
        );
        return await acceptSession(held, session, verified, now.account);
      },
    );
  };

  return { type: "invited", invitation: encodeInvitation(pairing.invitation), answer };
}

/** P4K-47: what the other device has seen of the wallets, so that this new one notices a rollback too. */
function headsOf({ heads }: PairedAccount): AccountRecord["wallets"] {
  return Object.fromEntries(
    heads.map(({ walletId, sequence, hash, generation, epoch }) => [
      walletId,
      { sequence, hash, generation, epoch },
    ]),
  );
}

async function openMessage(pairing: OpenPairing, message: string): Promise<PairedAccount | null> {
  try {
    return await openPairing(pairing, message);
  } catch {
    return null;
  }
}
