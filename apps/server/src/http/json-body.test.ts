import { endpoints3, limits3 } from "@holdfast/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password, saltSeed, startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const signUp = () => ({
  email: `u${(users += 1)}@example.com`,
  password,
  clientSaltSeed: saltSeed,
});
const unreadable = { status: 400, body: { error: "Bad Request: Error parsing JSON" } };
const unknown = (name: string) => ({
  status: 400,
  body: { error: `Bad Request: json: unknown field ${name}` },
});

describe("a body is JSON whatever its Content-Type says", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "nonsense",
    "*/*",
    ";;;",
    "a/b; =",
    "undefined",
  ])("[P3-2] %s", async (contentType) => {
    const headers = { "content-type": contentType };
    expect((await server.post(endpoints3.signUp, signUp(), headers)).status).toBe(201);
  });

  test("[P3-2] or nothing at all", async () => {
    expect((await server.post(endpoints3.signUp, signUp())).status).toBe(201);
  });
});

describe("a body of more than 100,000 bytes is refused", () => {
  const padded = (bytes: number): string => {
    const body = JSON.stringify(signUp());
    return body + " ".repeat(bytes - body.length);
  };

  test("[P3-2] and one of exactly as many is not", async () => {
    expect((await server.post(endpoints3.signUp, padded(limits3.bodyBytes))).status).toBe(201);
    expect(await server.post(endpoints3.signUp, padded(limits3.bodyBytes + 1))).toMatchObject({
      status: 413,
      body: { error: "Request Entity Too Large" },
    });
  });

  test("[P3-2] counted in bytes, not characters", async () => {
    const body = JSON.stringify({ ...signUp(), password: "é".repeat(60_000) });
    expect((await server.post(endpoints3.signUp, body)).status).toBe(413);
  });

  test("[P3-2] also when its length is not announced", async () => {
    const body = new ReadableStream({
      start(stream) {
        for (let part = 0; part < 3; part += 1) stream.enqueue(Buffer.alloc(50_000, " "));
        stream.close();
      },
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    const response = await fetch(`${server.url}${endpoints3.signUp}`, init);
    expect(response.status).toBe(413);
  });
});

test.each([
  ["nothing", ""],
  ["white space", " \n"],
  ["no JSON", "email=joe@example.com"],
  ["half a value", '{"email": "joe'],
  ["text after the value", "{} {}"],
  ["a comment", "/* */ {}"],
  ["a byte order mark", "\ufeff{}"],
  ["single quotes", "{'email': 'a'}"],
  ["a comma too many", '{"email": "a",}'],
  ["NaN", '{"email": NaN}'],
  ["null", "null"],
  ["an array", "[]"],
  ["an array of requests", JSON.stringify([{ email: "joe@example.com" }])],
  ["a text", '"{}"'],
  ["a number", "1"],
  ["true", "true"],
  ["a number as email", '{"email": 1}'],
  ["an object as email", '{"email": {"toString": "x"}}'],
  ["a number too large to be one", '{"email": 1e999}'],
  ["a lone surrogate", String.raw`{"email": "\ud800@example.com"}`],
  ["deep arrays", "[".repeat(50_000)],
  ["deep arrays that close", `${"[".repeat(40_000)}${"]".repeat(40_000)}`],
  ["a deep value", `{"email": ${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`],
])("[P3-4] %s cannot be read", async (_what, body) => {
  expect(await server.post(endpoints3.signUp, body)).toMatchObject(unreadable);
});

test("[P3-4] bytes that are no UTF-8 cannot be read", async () => {
  const body = JSON.stringify({ ...signUp(), password: "pässword" });
  const latin1 = Buffer.from(body, "latin1");
  const response = await fetch(`${server.url}${endpoints3.signUp}`, {
    method: "POST",
    body: latin1,
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual(unreadable.body);
});

test("[P3-4] a compressed body is not JSON", async () => {
  const headers = { "content-encoding": "gzip" };
  expect(await server.post(endpoints3.signUp, "\u001f\u008b\b", headers)).toMatchObject(unreadable);
});

test.each([
  ["extra", '"extra"'],
  ["Email", '"Email"'],
  ["__proto__", '"__proto__"'],
  ["constructor", '"constructor"'],
  ['quo"te', '"quo\\"te"'],
  ["ünïcode", '"ünïcode"'],
])("[P3-4] the unknown field %s is named", async (name, quoted) => {
  const body = `{${JSON.stringify(name)}: {"isAdmin": true}, "email": "joe@example.com"}`;
  expect(await server.post(endpoints3.signUp, body)).toMatchObject(unknown(quoted));
  expect({}).not.toHaveProperty("isAdmin");
});

test("[P3-4] the last of equal names counts", async () => {
  const { email, ...rest } = signUp();
  const body = `{"email": "joe", "email": "${email}", ${JSON.stringify(rest).slice(1)}`;
  expect((await server.post(endpoints3.signUp, body)).status).toBe(201);
});

test.each(["1.5", "-1", "4294967296", "1e10", '"1"', "[1]", "{}", "true"])(
  "[P3-15] a sequence of %s has the wrong type",
  async (sequence) => {
    const body = `{"token": "t", "encryptedWallet": "w", "hmac": "h", "sequence": ${sequence}}`;
    expect(await server.post(endpoints3.wallet, body)).toMatchObject(unreadable);
  },
);

test.each([
  ["{}", "Missing 'token'"],
  ['{"token": "t"}', "Missing 'encryptedWallet'"],
  ['{"token": "t", "encryptedWallet": "w"}', "Missing 'hmac'"],
  ['{"token": "t", "encryptedWallet": "w", "hmac": "h"}', "Missing or zero-value 'sequence'"],
  [
    '{"token": "t", "encryptedWallet": "w", "hmac": "h", "sequence": 0}',
    "Missing or zero-value 'sequence'",
  ],
  [
    '{"token": "t", "encryptedWallet": null, "hmac": "h", "sequence": 1}',
    "Missing 'encryptedWallet'",
  ],
])("[P3-4] POST /wallet refuses %s", async (body, why) => {
  expect(await server.post(endpoints3.wallet, body)).toMatchObject({
    status: 400,
    body: { error: `Bad Request: Request failed validation: ${why}` },
  });
});
