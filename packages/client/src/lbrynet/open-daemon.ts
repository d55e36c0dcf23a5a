/** A LBRY daemon's JSON-RPC as far as syncing needs it (P3C-43, P3C-45). */
import { isLoopback } from "../protocol-3/server-url.ts";
import { createCallDaemon, fieldsOf } from "./daemon-rpc.ts";
import type { DaemonClient, DaemonFailure, OpenDaemonOutcome } from "./daemon-types.ts";

const defaultUrl = "http://127.0.0.1:5279";
/** Merging a wallet with many accounts keeps a daemon busy for a while. */
const defaultTimeoutMs = 120_000;

/** A client of the daemon at `url`; only loopback addresses unless `allowRemote`, since passwords go there in the clear. */
export function openDaemon({
  url = defaultUrl,
  allowRemote = false,
  timeoutMs = defaultTimeoutMs,
  fetch: send = fetch,
}: {
  readonly url?: string;
  readonly allowRemote?: boolean;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
} = {}): OpenDaemonOutcome {
  const refuse = (detail: string): OpenDaemonOutcome => ({ type: "url-refused", detail });
  if (!URL.canParse(url)) return refuse("it is not an address");
  const address = new URL(url);
  if (address.protocol !== "http:" && address.protocol !== "https:") {
    return refuse("it must begin with http:// or https://");
  }
  if (address.username !== "" || address.password !== "") {
    return refuse("it must not carry a user name or password");
  }
  if (!allowRemote && !isLoopback(address.hostname)) {
    return refuse("it is another machine, and the wallet's password would go there");
  }
  return { type: "opened", daemon: createDaemonClient(address, timeoutMs, send) };
}

function createDaemonClient(url: URL, timeoutMs: number, send: typeof fetch): DaemonClient {
  const call = createCallDaemon(url, timeoutMs, send);
  return {
    url: url.href,

    async syncHash({ walletId }, signal) {
      const answer = await call("sync_hash", { wallet_id: walletId }, signal);
      if (answer.type !== "result") return answer;
      if (typeof answer.value !== "string") return malformed("sync_hash");
      return { type: "hash", hash: answer.value };
    },

    async syncApply({ password, data, walletId }, signal) {
      const answer = await call("sync_apply", { password, data, wallet_id: walletId }, signal);
      if (answer.type !== "result") return answer;
      const fields = fieldsOf(answer.value);
      const [hash, packed] = [fields.get("hash"), fields.get("data")];
      if (typeof hash !== "string" || typeof packed !== "string") return malformed("sync_apply");
      return { type: "applied", hash, data: packed };
    },

    async preferenceGet({ key, walletId }, signal) {
      const answer = await call("preference_get", { key, wallet_id: walletId }, signal);
      return answer.type === "result" ? { type: "preferences", value: answer.value } : answer;
    },

    async walletStatus({ walletId }, signal) {
      const answer = await call("wallet_status", { wallet_id: walletId }, signal);
      if (answer.type !== "result") return answer;
      const fields = fieldsOf(answer.value);
      if (!fields.has("is_locked") || !fields.has("is_encrypted"))
        return malformed("wallet_status");
      return {
        type: "status",
        isEncrypted: fields.get("is_encrypted") === true,
        isLocked: fields.get("is_locked") === true,
      };
    },
  };
}

function malformed(method: string): DaemonFailure {
  return {
    type: "daemon-malformed-answer",
    detail: `its answer to ${method} lacks what was asked for`,
  };
}
