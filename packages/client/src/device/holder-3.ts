/** A wallet of an account of protocol 3. */
import { parseWalletUpdate } from "@holdfast/protocol";
import { logInAccount } from "../account/log-in.ts";
import { adoptPasswordChange, settlePasswordChange } from "../account/settle-password-change.ts";
import { protocol3Rules } from "../engine/index.ts";
import type { HostFailure, SessionFailure } from "../outcomes.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import {
  createWalletAccount,
  type NextKeys,
  type WalletAccount,
} from "../protocol-3/wallet-account.ts";
import { ownerNameOf, type WalletOwner } from "../wallet-owner/wallet-owner.ts";
import { isUpgraded } from "../protocol-3/is-upgraded.ts";
import type { HeldAccount } from "./held-device.ts";
import type { Profile } from "./profile.ts";
import type { OnlineAccount, WalletHolder } from "./wallet-holder.ts";

/** Whose the wallet of a profile of protocol 3 is. */
export function ownerOf3({ deviceId, email, server }: Profile): WalletOwner {
  return { id: deviceId, name: ownerNameOf(email, new URL(server)) };
}

export function createHolder3(account: HeldAccount): WalletHolder {
  const { profile, ports, session, signal } = account;
  return {
    ports,
    session,
    signal,
    rules: protocol3Rules,
    owner: ownerOf3(profile),
    readState: async () => await session.readState(),
    writeState: async (text) => {
      await session.writeState(text);
    },
    walletPath: profile.walletPath,
    get filePasswords() {
      const { secrets, previousWalletPassword } = account.profile;
      return [secrets?.walletPassword, previousWalletPassword].filter(
        (password) => password !== undefined && password !== null,
      );
    },
    get daemonPassword() {
      return account.profile.secrets?.walletPassword ?? null;
    },

    async goOnline(receive) {
      const gone = await goOnline3(account, receive, null);
      return gone.type === "online"
        ? { type: "online", online: noting(account, onlineOf(gone.walletAccount)) }
        : gone;
    },

    listen(onEvent) {
      const token = account.profile.session?.token;
      if (token === undefined) return null;
      return ports.openSocket({
        ...account.host.socketAddress(),
        token,
        onEvent: (event) => {
          if (event.type !== "message") {
            onEvent({ type: event.type });
            return;
          }
          const sequence = parseWalletUpdate(event.text);
          if (sequence !== undefined) onEvent({ type: "notice", sequence });
        },
      });
    },

    async whyEnded() {
      const answer = await account.host.fetchSaltSeed(account.profile.email, signal);
      if (answer.type !== "host-refused" || !isUpgraded(answer)) return null;
      await account.change({ refusal: "upgraded" });
      return answer;
    },

    logIn: async () => await logInAccount(account),

    healHost: async () => await Promise.resolve({ type: "to-be-merged" }),

    /** A password change that waited for a place in line which another revision took meanwhile can no longer happen (P3C-39). */
    async afterSync(sequence) {
      const { passwordChange } = account.profile;
      if (passwordChange !== null && sequence >= passwordChange.sequence)
        await account.change({ passwordChange: null });
    },
  };
}

/** The host account of a held device; settles a password change whose answer was lost first (P3C-39). */
export async function goOnline3(
  account: HeldAccount,
  receive: (content: LbryContent) => LbryContent,
  nextKeys: NextKeys | null,
): Promise<
  { readonly type: "online"; readonly walletAccount: WalletAccount } | SessionFailure | HostFailure
> {
  const settled = await settlePasswordChange(account);
  if (settled.type !== "settled") return settled;
  const { secrets, session, email, saltSeed } = account.profile;
  if (secrets === null) return { type: "password-needed" };
  if (session === null) return { type: "not-logged-in" };
  const { scrypt, randomBytes } = account.ports;
  const walletAccount = createWalletAccount({
    host: account.host,
    email,
    token: session.token,
    saltSeed,
    secrets,
    nextKeys,
    adoptNextKeys: async () => {
      const { passwordChange } = account.profile;
      if (passwordChange !== null) await adoptPasswordChange(account, passwordChange);
    },
    receive,
    scrypt,
    randomBytes,
    signal: account.signal,
  });
  return { type: "online", walletAccount };
}

/** What a host answers only to a token that it knows. */
const taken: ReadonlySet<string> = new Set(["head", "empty", "accepted"]);

/** Remembers whether the host takes the token, before the outcome goes on, so that whoever reads the profile next knows of it (CLI-48). */
function noting(account: HeldAccount, online: OnlineAccount): OnlineAccount {
  const { sync } = online;
  const noted = async <Outcome extends { readonly type: string }>(
    asked: Promise<Outcome>,
  ): Promise<Outcome> => {
    const outcome = await asked;
    const { refusal } = account.profile;
    const isEnded = outcome.type === "unauthorized" && online.stoppedBy()?.type === "session-ended";
    if (isEnded && refusal === undefined) await account.change({ refusal: "session-ended" });
    if (taken.has(outcome.type) && refusal !== undefined)
      await account.change({ refusal: undefined });
    return outcome;
  };
  return {
    ...online,
    sync: {
      ...sync,
      fetchHead: async (since, signal) => await noted(sync.fetchHead(since, signal)),
      push: async (revision, signal) => await noted(sync.push(revision, signal)),
    },
  };
}

export function onlineOf(walletAccount: WalletAccount): OnlineAccount {
  const { seen } = walletAccount;
  return {
    sync: walletAccount,
    stoppedBy: () => seen.failure,
    rejection: () =>
      seen.rejection && {
        isNewer: seen.rejection.code === "unsupported-version",
        detail: seen.rejection.message,
      },
    sealFailure: () => seen.sealFailure,
  };
}
