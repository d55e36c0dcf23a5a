/** An account of protocol 3 with its keys, for a client that lives long: its token is renewed, and notices come over a socket. */
import { parseWalletUpdate } from "@holdfast/protocol";
import type { OpenSocket } from "../device/device-ports.ts";
import type { OpenAccount } from "../ports/account-source.ts";
import { Secret } from "../secret.ts";
import { createRenewingSession, type RenewingSession } from "./renewing-session.ts";
import type { LbryContent } from "./revision-text.ts";
import type { Keys, Unlocking } from "./unlock-keys.ts";
import { createWalletAccount } from "./wallet-account.ts";

/** The session puts in the token that is good at the time. */
const tokenOfTheSession = new Secret("");

export function ownerOf(email: string, server: string): string {
  return `${email.toLowerCase()} at ${server}`;
}

export function openAccount(
  { host, memory, scrypt, randomBytes }: Unlocking,
  { email, saltSeed, secrets, token }: Keys,
  openSocket: OpenSocket,
): OpenAccount<LbryContent> {
  const { deviceId, server } = memory;
  const session = createRenewingSession({ host, email, deviceId, secrets, token });
  const account = createWalletAccount({
    host: session.host,
    email,
    token: tokenOfTheSession,
    saltSeed,
    secrets,
    nextKeys: null,
    adoptNextKeys: async () =>
      await Promise.reject(new TypeError("no password change is under way")),
    receive: (content) => content,
    scrypt,
    randomBytes,
    signal: undefined,
  });
  return {
    ...account,
    owner: ownerOf(email, server),
    history: null,
    watch: (onEvent) => watch(session, openSocket, onEvent),
    forgetKeys() {
      session.end();
      account.forgetKeys();
    },
  };
}

type OnEvent = Parameters<OpenAccount<LbryContent>["watch"]>[0];

function watch(session: RenewingSession, openSocket: OpenSocket, onEvent: OnEvent) {
  const closed = new AbortController();
  let socket: { close(): void } | null = null;
  const open = async (): Promise<void> => {
    const token = await session.token();
    if (closed.signal.aborted) return;
    if (token === null) {
      onEvent({ type: "ended", isRefused: false });
      return;
    }
    socket = openSocket({
      ...session.host.socketAddress(),
      token,
      onEvent(event) {
        if (event.type === "open") onEvent({ type: "watching" });
        if (event.type === "closed") onEvent({ type: "ended", isRefused: event.status === 401 });
        const sequence = event.type === "message" ? parseWalletUpdate(event.text) : undefined;
        if (sequence !== undefined) onEvent({ type: "noticed", sequence });
      },
    });
  };
  void open();
  return {
    close() {
      closed.abort();
      socket?.close();
    },
  };
}
