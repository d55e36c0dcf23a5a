import { expect, test } from "vitest";
import { z } from "zod";
import { accountId, deviceName, handle, token } from "./fields.ts";
import {
  actionOf,
  type Operation4,
  operations4,
  path4,
  problemAnswer,
  problems4,
} from "./index.ts";

const operations: readonly (readonly [string, Operation4])[] = Object.entries(operations4);

test("[P4-1] paths and actions name their values once and safely", () => {
  expect(path4(operations4.getRevision, { walletId: "default", sequence: 7 })).toBe(
    "/api/4/wallets/default/revisions/7",
  );
  expect(path4(operations4.getWallet, { walletId: "../account" })).toBe(
    "/api/4/wallets/..%2Faccount",
  );
  expect(path4(operations4.listRevisions, { walletId: "default" }, { after: 3 })).toBe(
    "/api/4/wallets/default/revisions?after=3",
  );
  expect(actionOf(operations4.endSession, { sessionId: "abc" })).toBe("DELETE /sessions/abc");
  expect(() => path4(operations4.getWallet)).toThrow(/walletId/);
});

test("[P4-1] no two operations share a method and a path", () => {
  const seen = operations.map(([, { method, path }]) => `${method} ${path}`);
  expect(new Set(seen).size).toBe(seen.length);
});

test("[P4-6] every problem that an operation names is in the table", () => {
  for (const [, { problems }] of operations) {
    for (const code of problems) expect(problems4[code]).toBeDefined();
  }
  const { status, title } = problems4.conflict;
  const answer = { type: "urn:x", title, status, code: "conflict", current: { kept: true } };
  expect(problemAnswer.parse(answer)).toEqual(answer);
});

test("[P4-1] every message can be written as JSON Schema", () => {
  const schemas = operations
    .flatMap(([, { request, answers }]) => [request, ...Object.values(answers)])
    .filter((schema) => schema !== undefined && schema !== null);
  const written = schemas.map((schema) => z.toJSONSchema(schema, { io: "input" }));
  expect(written.every((schema) => schema.$schema !== undefined)).toBe(true);
});

test.each([
  [handle, "A".repeat(22), true],
  [handle, "A".repeat(21), false],
  [token, "+".repeat(43), false],
  [accountId, " Ann@Example.org ", true],
  [accountId, "ann", false],
  [deviceName, "Ann's phone 📱", true],
  [deviceName, "a\u202eb", false],
  [deviceName, " a", false],
  [deviceName, "", false],
])("[P4-3] values of exactly one form: %#", (schema, value, isValid) => {
  expect(schema.safeParse(value).success).toBe(isValid);
});

test("[P4-3] a request with an unknown field is refused", () => {
  const request = { lookupId: "A".repeat(43) };
  expect(operations4.recover.request.safeParse(request).success).toBe(true);
  expect(operations4.recover.request.safeParse({ ...request, more: 1 }).success).toBe(false);
});
