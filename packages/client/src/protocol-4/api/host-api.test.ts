import {
  createAccount,
  passwordSlotKey,
  hashBytes,
  Secret as Key,
  verifyRequest,
} from "@holdfast/crypto";
import { describe, expect, test } from "vitest";
import { Secret } from "../../secret.ts";
import { createHostApi4 } from "./host-api.ts";
import { callSigned } from "./signed-call.ts";

const url = new URL("https://host.example/holdfast");
const token = new Secret("t".repeat(43));
const problem = (status: number, code: string, more: object = {}) =>
  Response.json(
    { type: `urn:holdfast:problem:${code}`, title: "No", status, code, ...more },
    { status },
  );

function hostThat(...answers: Response[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = async (input: URL, init: RequestInit) => {
    asked.push({ url: input.href, init });
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("fetch failed");
    return await Promise.resolve(answer);
  };
  const api = createHostApi4({ url, fetch: fetch as typeof globalThis.fetch, timeoutMs: 1000 });
  return { api, asked };
}

describe("an answer", () => {
  test("[P4K-1] comes from below the host's address, and the token is in no address", async () => {
    const { api, asked } = hostThat(Response.json({ sessions: [] }));
    expect(await api.call("listSessions", { token })).toEqual({
      type: "answer",
      status: 200,
      value: { sessions: [] },
    });
    expect(asked[0]?.url).toBe("https://host.example/holdfast/api/4/sessions");
    expect(asked[0]?.init).toMatchObject({
      redirect: "manual",
      credentials: "omit",
      headers: { authorization: `Bearer ${token.reveal()}` },
    });
  });

  test("[P3C-11] [P4K-1] a host that waited too long for the request was not reached, whatever it says of it", async () => {
    const { api } = hostThat(
      problem(408, "request-timeout"),
      Response.json({ error: "Request Timeout" }, { status: 408 }),
    );
    for (let answer = 1; answer <= 2; answer += 1) {
      expect(await api.call("listSessions", { token })).toMatchObject({
        type: "unreachable",
        reason: "timeout",
      });
    }
  });

  test("[P3C-11] a large body has more time to be sent", async () => {
    const waits: number[] = [];
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (ms) => {
      waits.push(ms);
      return timeout(ms);
    };
    const { api } = hostThat();
    const login = "x".repeat(160_000);
    await api.call("startSession", { body: { id: "a@example.org", login } });
    await api.call("listSessions", { token });
    AbortSignal.timeout = timeout;
    expect(waits[0]).toBeGreaterThan(11_000);
    expect(waits[0]).toBeLessThan(11_010);
    expect(waits[1]).toBe(1000);
  });

  test.each<[string, Response | undefined, object]>([
    [
      "one of its own",
      problem(404, "unknown-session"),
      { type: "problem", code: "unknown-session" },
    ],
    ["an ended session", problem(401, "session-ended"), { type: "session-ended" }],
    [
      "a code of another operation",
      problem(409, "mfa-on"),
      { type: "host-refused", code: "mfa-on" },
    ],
    [
      "a code with another status",
      problem(400, "unknown-session", { status: 404 }),
      { type: "host-refused", code: null },
    ],
    [
      "a code under another type",
      problem(404, "unknown-session", { type: "about:blank" }),
      { type: "host-refused", code: null },
    ],
    [
      "words of another protocol",
      new Response("Not Found", { status: 404 }),
      { type: "host-refused", code: null },
    ],
    ["a busy host", problem(503, "busy"), { type: "host-failed", status: 503 }],
    [
      "a status that nobody promised",
      new Response(null, { status: 205 }),
      { type: "host-misbehaves", fault: "malformed-answer" },
    ],
    ["no answer", undefined, { type: "unreachable", reason: "network" }],
  ])("[P4K-3] a refusal: %s", async (_what, response, outcome) => {
    const { api } = hostThat(...(response === undefined ? [] : [response]));
    const path = { sessionId: "s" };
    expect(await api.call("endSession", { path, token })).toMatchObject(outcome);
  });

  test("[P4K-3] a host that asks to wait says for how long, within reason", async () => {
    const limited = (seconds: string) =>
      new Response("", { status: 429, headers: { "retry-after": seconds } });
    const { api } = hostThat(limited("7"), limited("999999999"), limited("soon"));
    const asked = async () => await api.call("recover", { body: { lookupId: "x" } });
    expect(await asked()).toEqual({ type: "rate-limited", retryAfterSeconds: 7 });
    expect(await asked()).toEqual({ type: "rate-limited", retryAfterSeconds: 86_400 });
    expect(await asked()).toEqual({ type: "rate-limited", retryAfterSeconds: null });
  });
});

test("[P4K-4] a signed request carries the authority's signature over the very bytes that are sent, and the host's nonce", async () => {
  const nonce = "n".repeat(43);
  const { api, asked } = hostThat(
    Response.json({ nonce, expiresAt: 1 }),
    Response.json({ type: "changed", id: "new@example.com" }),
  );
  const host = "https://host.example" as never;
  const rootKey = new Key("root-key", new Uint8Array(64));
  const slot = { key: passwordSlotKey(rootKey), reference: hashBytes(new Uint8Array(1)) };
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const { account } = createAccount(host, [slot], { random, savedAt: 1 });
  const { identity } = account.state.account;
  const signer = { identity, host, seed: account.keyring.authoritySeed };
  const input = { body: { id: "new@example.com" }, token };
  expect(await callSigned(api, "changeId", input, signer)).toMatchObject({ type: "answer" });
  const { headers, body } = asked[1]?.init ?? {};
  const sent = headers as Record<string, string>;
  expect(sent["holdfast-nonce"]).toBe(nonce);
  const bodyHash = hashBytes(new TextEncoder().encode(body as string));
  const expected = { identity, host, action: "PATCH /account", bodyHash, nonce };
  const signature = sent["holdfast-signature"] ?? "";
  expect(verifyRequest(signature, expected, account.state.authorityKey)).toBe(true);
  const other = { ...expected, action: "DELETE /account" };
  expect(verifyRequest(signature, other, account.state.authorityKey)).toBe(false);

  const without = hostThat(problem(401, "session-ended"));
  expect(await callSigned(without.api, "changeId", input, signer)).toEqual({
    type: "session-ended",
  });
  expect(without.asked).toHaveLength(1);
});
