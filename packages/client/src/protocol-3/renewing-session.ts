/** A token that is replaced when it died: tokens of protocol 3 live for 14 days, and the keys get a new one (P3C-22). */
import type { HostFailure, SessionEnded } from "../outcomes.ts";
import type { Secret } from "../secret.ts";
import type { DerivedSecrets } from "./derive.ts";
import type { HostApi } from "./host-api.ts";

export type RenewingSession = {
  /** The host's endpoints with whatever token is good, in the place of the one given. */
  readonly host: HostApi;
  /** A token, logging in if there is none; null: it cannot be had now. */
  token(): Promise<Secret | null>;
  /** From now on nothing is sent any more. */
  end(): void;
};

type SessionParts = {
  readonly host: HostApi;
  readonly email: string;
  readonly deviceId: string;
  readonly secrets: DerivedSecrets;
  /** null: the keys were unlocked without the host */
  readonly token: Secret | null;
};

export function createRenewingSession(parts: SessionParts): RenewingSession {
  const { host, email, deviceId } = parts;
  const ended: SessionEnded = { type: "session-ended", detail: "" };
  let loginPassword: Secret | null = parts.secrets.loginPassword;
  let { token } = parts;

  let underWay: ReturnType<typeof logIn> | null = null;

  async function logIn(): Promise<Secret | SessionEnded | HostFailure> {
    if (loginPassword === null) return ended;
    const answer = await host.logIn({ email, loginPassword, deviceId });
    if (answer.type === "credentials-refused" || answer.type === "not-verified") return ended;
    if (answer.type !== "token") return answer;
    if (loginPassword !== null) ({ token } = answer);
    return answer.token;
  }

  /** One log-in at a time: each ends the token of the one before. */
  async function renew(): Promise<Secret | SessionEnded | HostFailure> {
    underWay ??= logIn().finally(() => {
      underWay = null;
    });
    return await underWay;
  }

  async function withToken<Answer extends { readonly type: string }>(
    ask: (token: Secret) => Promise<Answer>,
  ): Promise<Answer | SessionEnded | HostFailure> {
    const given = token;
    if (given !== null) {
      const answer = await ask(given);
      if (answer.type !== "session-ended") return answer;
      // Another request may have replaced it meanwhile.
      if (token === given) token = null;
    }
    const renewed = token ?? (await renew());
    return "type" in renewed ? renewed : await ask(renewed);
  }

  return {
    host: {
      ...host,
      fetchWallet: async (_, signal) =>
        await withToken(async (token) => await host.fetchWallet(token, signal)),
      pushWallet: async (_, revision, signal) =>
        await withToken(async (token) => await host.pushWallet(token, revision, signal)),
    },
    async token() {
      const given = token ?? (await renew());
      return "type" in given ? null : given;
    },
    end() {
      loginPassword = null;
      token = null;
    },
  };
}
