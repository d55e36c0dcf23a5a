/**
 * One JSON-RPC call to a LBRY daemon (P3C-43): only its answer's `result` or the name of its error comes out. The
 * error's other fields quote the arguments of the call, the password among them, and are never looked at.
 */
import { parseJson, WalletError, type JsonValue } from "@holdfast/wallet/lbry";
import { printable } from "../printable.ts";
import { Secret } from "../secret.ts";
import type { DaemonFailure } from "./daemon-types.ts";

const maxAnswerBytes = 32 * 1024 * 1024;

export type CallDaemon = (
  method: string,
  params: Readonly<Record<string, string | Secret | undefined>>,
  signal?: AbortSignal,
) => Promise<{ readonly type: "result"; readonly value: JsonValue } | DaemonFailure>;

export function createCallDaemon(url: URL, timeoutMs: number, send: typeof fetch): CallDaemon {
  return async (method, params, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const secrets = Object.values(params).filter((value) => value instanceof Secret);
    try {
      const response = await send(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: revealed(params) }),
        redirect: "error",
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      return readAnswer(await readText(response), secrets);
    } catch (error) {
      if (error instanceof WalletError || error instanceof RangeError) {
        return { type: "daemon-malformed-answer", detail: "it did not answer with JSON" };
      }
      return explainFailure(timeout.aborted, signal?.aborted === true);
    }
  };
}

function revealed(params: Parameters<CallDaemon>[1]): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) sent[name] = value instanceof Secret ? value.reveal() : value;
  }
  return sent;
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder("utf-8");
  const reader = response.body.getReader();
  let text = "";
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > maxAnswerBytes) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function readAnswer(text: string, secrets: readonly Secret[]): Awaited<ReturnType<CallDaemon>> {
  const answer = fieldsOf(parseJson(text));
  const result = answer.get("result");
  if (result !== undefined) return { type: "result", value: result };
  const error = fieldsOf(answer.get("error"));
  const message = error.get("message");
  const name = fieldsOf(error.get("data")).get("name");
  if (typeof message !== "string") {
    return { type: "daemon-malformed-answer", detail: "it answered neither result nor error" };
  }
  return nameError(typeof name === "string" ? name : "", printable(message, secrets));
}

function nameError(name: string, detail: string): DaemonFailure {
  switch (name) {
    case "InvalidPasswordError":
      return { type: "daemon-wrong-password" };
    case "WalletNotLoadedError":
    case "WalletNotFoundError":
      return { type: "daemon-wallet-unknown", detail };
    default:
      return { type: "daemon-error", name: printable(name), detail };
  }
}

/** The fields of an object; of anything else none. */
export function fieldsOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  return value instanceof Map ? value : new Map<string, JsonValue>();
}

function explainFailure(isTimeout: boolean, isStopped: boolean): DaemonFailure {
  if (isStopped) {
    return {
      type: "daemon-unreachable",
      reason: "stopped",
      detail: "it was stopped before an answer came",
    };
  }
  return isTimeout
    ? { type: "daemon-unreachable", reason: "timeout", detail: "it did not answer in time" }
    : { type: "daemon-unreachable", reason: "network", detail: "nothing answers at its address" };
}
