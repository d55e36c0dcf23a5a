/**
 * The wallet that LBRY's own sync API keeps for a person, as LBRY Desktop asks for it: `sync/get`, form-encoded, with the account's
 * auth token. Nothing is changed there.
 */
import { z } from "zod";
import { createSendJson, type NoAnswer } from "../http/send-json.ts";
import type { ServerRefused } from "../outcomes.ts";
import { printable } from "../printable.ts";
import { parseServerUrl } from "../protocol-3/server-url.ts";
import type { Secret } from "../secret.ts";

const defaultTimeoutMs = 60_000;
const maxAnswerBytes = 40 * 1024 * 1024;
/** The API sends a wallet where it has another one than the caller: nobody has this one. */
const noWalletsHash = "0".repeat(64);
const noWallet = "no wallet found for this user";

const answerSchema = z.object({
  error: z.string().nullish(),
  data: z
    .object({ hash: z.string().regex(/^[0-9a-f]{64}$/u), data: z.string().min(1) })
    .nullish()
    .catch(null),
});

export type CustodialOutcome =
  /** `hash`: LBRY's `sync_hash` of the wallet, as whoever stored it said; `blob`: the packed wallet */
  | { readonly type: "wallet"; readonly hash: string; readonly blob: string }
  | { readonly type: "no-wallet" }
  | { readonly type: "token-refused"; readonly detail: string }
  | { readonly type: "api-refused"; readonly status: number; readonly detail: string }
  | { readonly type: "api-malformed-answer"; readonly detail: string }
  | NoAnswer
  | ServerRefused;

export async function readCustodialWallet({
  api,
  token,
  allowPlainHttp = false,
  timeoutMs = defaultTimeoutMs,
  fetch: send = fetch,
  signal,
}: {
  /** e.g. `https://api.lbry.com` */
  readonly api: string;
  readonly token: Secret;
  readonly allowPlainHttp?: boolean;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}): Promise<CustodialOutcome> {
  const parsed = parseServerUrl(api, allowPlainHttp);
  if (parsed.type !== "server") return parsed;
  const form = new URLSearchParams({ auth_token: token.reveal(), hash: noWalletsHash });
  const answer = await createSendJson({ url: parsed.url, fetch: send, timeoutMs })({
    method: "POST",
    path: "/sync/get",
    body: form.toString(),
    contentType: "application/x-www-form-urlencoded",
    maxAnswerBytes,
    signal,
  });
  if (answer.type === "unreachable") return answer;
  if (answer.type === "host-misbehaves")
    return { type: "api-malformed-answer", detail: answer.detail };
  const { status } = answer;
  const read = answerSchema.safeParse(answer.value);
  const said = read.data?.error ?? "";
  if (said === noWallet) return { type: "no-wallet" };
  const detail = printable(said, [token]);
  if (status === 401 || status === 403) return { type: "token-refused", detail };
  if (status !== 200 || said !== "") return { type: "api-refused", status, detail };
  const data = read.data?.data;
  if (data === undefined || data === null)
    return { type: "api-malformed-answer", detail: "there is no wallet in its answer" };
  return { type: "wallet", hash: data.hash, blob: data.data };
}
