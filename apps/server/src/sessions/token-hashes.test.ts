import fc from "fast-check";
import { expect, test } from "vitest";
import { hashToken } from "./secret-token.ts";
import { createTokenHashes } from "./token-hashes.ts";

const token = fc.constantFrom(
  "a".repeat(64),
  `${"a".repeat(63)}b`,
  `b${"a".repeat(63)}`,
  "0123456789abcdef".repeat(4),
  "A".repeat(64),
  "a".repeat(63),
  "",
);

test("[P3-6] a token's hash is its own whatever the connection brought before", () => {
  const calls = fc.array(fc.record({ token, connection: fc.option(fc.nat({ max: 2 })) }));
  fc.assert(
    fc.property(calls, (made) => {
      const hashOf = createTokenHashes();
      const connections = [{}, {}, {}];
      for (const call of made) {
        const isToken = /^[0-9a-f]{64}$/.test(call.token);
        const connection = call.connection === null ? undefined : connections[call.connection];
        expect(hashOf(call.token, connection)).toBe(isToken ? hashToken(call.token) : undefined);
      }
    }),
  );
});
