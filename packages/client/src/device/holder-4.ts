/** A wallet of an account of protocol 4. */
import type { WalletId } from "@holdfast/crypto";
import { lbryFormat } from "@holdfast/wallet/lbry";
import { bytesToHex } from "@noble/hashes/utils.js";
import { protocol4Rules } from "../engine/index.ts";
import type { SyncStop } from "../outcomes.ts";
import { openWebSocket } from "../protocol-4/events/open-socket.ts";
import { watchAccount } from "../protocol-4/events/watch-account.ts";
import { renewSession } from "../protocol-4/account/renew-session.ts";
import { renewWallets } from "../protocol-4/sync/renew-wallet.ts";
import { createSyncAccount4 } from "../protocol-4/sync/sync-account.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import { Secret } from "../secret.ts";
import { ownerNameOf } from "../wallet-owner/wallet-owner.ts";
import { healAccount4 } from "./heal-account-4.ts";
import type { HeldProfile4 } from "./hold-account-4.ts";
import { mainWallet } from "./profile-4.ts";
import { answerOf, keysRefused, stopOf } from "./stop-of-4.ts";
import { unlockHeld } from "./unlock-held-4.ts";
import type { OnlineAccount, WalletHolder } from "./wallet-holder.ts";

export function createHolder4(held: HeldProfile4): WalletHolder {
  const { account, ports, profile, session, signal } = held;
  const { walletId, walletPath } = profile;
  const part = walletId === mainWallet ? null : `state-${walletId}`;
  return {
    ports,
    session,
    signal,
    rules: protocol4Rules,
    owner: {
      id: account.record.identity,
      name: ownerNameOf(account.record.id, new URL(account.record.host)),
    },
    readState: async () =>
      part === null ? await session.readState() : await session.readPart(part),
    writeState: async (text) => {
      if (part === null) await session.writeState(text);
      else await session.writePart(part, text);
    },
    walletPath,
    filePasswords: [],
    // The daemon and this device agree on it for one call, and nobody keeps it.
    daemonPassword: new Secret(bytesToHex(ports.randomBytes(32))),

    async goOnline(receive) {
      const locked = await unlockHeld(held);
      if (locked !== null) return locked;
      if (account.token === null) return { type: "not-logged-in" };
      if (account.record.toRenew.length > 0) await renewWallets(account, signal);
      return { type: "online", online: onlineOf(held, walletId as WalletId, receive) };
    },

    whyEnded: async () => await Promise.resolve(null),

    async logIn() {
      const locked = await unlockHeld(held);
      if (locked !== null) return locked;
      const outcome = await renewSession(account, { signal });
      switch (outcome.type) {
        case "logged-in":
          return { type: "logged-in" };
        case "locked":
          return { type: "password-needed" };
        case "login-refused":
          return await keysRefused(account);
        case "mfa-required":
        case "mfa-refused":
          return { type: "mfa-needed" };
        case "credentials-changed":
        case "unsupported-version":
        case "unreachable":
        case "host-misbehaves":
        case "host-failed":
        case "host-refused":
        case "rate-limited":
          return answerOf(outcome);
      }
    },

    listen(onEvent) {
      if (account.token === null) return null;
      const stopping = new AbortController();
      const end = (): void => {
        if (stopping.signal.aborted) return;
        stopping.abort();
        onEvent({ type: "closed" });
      };
      // Each connection begins with where everything stands, which is no news.
      let announced = account.record.wallets[walletId]?.sequence ?? 0;
      const listening = watchAccount(account, {
        openSocket: openWebSocket,
        signal: stopping.signal,
        onEvent: (event) => {
          if (stopping.signal.aborted) return;
          if (event.type === "connected") onEvent({ type: "open" });
          if (
            event.type === "wallet" &&
            event.walletId === walletId &&
            event.sequence > announced
          ) {
            announced = event.sequence;
            onEvent({ type: "notice", sequence: event.sequence });
          }
          if (event.type === "credentials" && event.epoch > account.newest.epoch)
            onEvent({ type: "poll" });
          if (event.type === "disconnected") end();
        },
      });
      void listening.then(end, end);
      return { close: end };
    },

    healHost: async (secrets) => await healAccount4(held, secrets),

    afterSync: async () => {
      await Promise.resolve();
    },
  };
}

/** What a host answers only to a session that it knows. */
const taken: ReadonlySet<string> = new Set(["head", "empty", "accepted"]);

function onlineOf(
  { account }: HeldProfile4,
  walletId: WalletId,
  receive: (content: LbryContent) => LbryContent,
): OnlineAccount {
  let stop: SyncStop | null = null;
  let sealFailure: unknown = null;
  const sync = createSyncAccount4({
    account,
    walletId,
    format: lbryFormat,
    onReport: (report) => {
      stop = stopOf(report);
    },
  });
  /** Before the outcome goes on, so that whoever reads the record next knows of it (CLI-48). */
  const noted = async <Outcome extends { readonly type: string }>(
    asked: Promise<Outcome>,
  ): Promise<Outcome> => {
    const outcome = await asked;
    if (outcome.type === "unauthorized" && stop?.type === "session-ended")
      await account.noteRefusal("session-ended");
    if (taken.has(outcome.type)) await account.noteTaken();
    return outcome;
  };
  return {
    sync: {
      ...sync,
      fetchHead: async (since, signal) => await noted(sync.fetchHead(since, signal)),
      push: async (revision, signal) => await noted(sync.push(revision, signal)),
      // A getter: the keys change with the generation.
      get keyId() {
        return sync.keyId;
      },
      async open(head, since) {
        const outcome = await sync.open(head, since);
        return outcome.type === "opened"
          ? { ...outcome, content: receive(outcome.content) }
          : outcome;
      },
      forgetKeys() {
        // The keys are the profile's: they may open a new session. Where they no longer may, the account forgets them itself.
      },
      async seal(request) {
        try {
          return await sync.seal(request);
        } catch (error) {
          sealFailure = error;
          throw error;
        }
      },
    },
    stoppedBy: () => stop,
    rejection: () => null,
    sealFailure: () => sealFailure,
  };
}
