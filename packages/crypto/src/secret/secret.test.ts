import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { sampleAccount } from "../testing/sample-account.ts";
import { Secret } from "./secret.ts";

describe("secrets", () => {
  it("[P4C-10] JSON, templates and inspection show a secret's kind and nothing of its bytes", () => {
    const secret = new Secret("account-key", Uint8Array.from([1, 2, 3]));
    const shown = [
      JSON.stringify({ secret }),
      String(secret),
      inspect(secret),
      inspect({ a: [secret] }),
    ];
    expect(shown).toEqual([
      '{"secret":"[account-key]"}',
      "[account-key]",
      "[account-key]",
      "{ a: [ [account-key] ] }",
    ]);
    expect(Object.keys(secret)).toEqual(["kind"]);
  });

  it("[P4C-10] an unlocked account can be printed without showing a key", () => {
    const { account, entropy, passwordKey } = sampleAccount();
    const { keyring, accountKey } = account;
    const secrets = [
      accountKey,
      keyring.authoritySeed,
      keyring.nameKey,
      entropy,
      passwordKey.key,
      ...keyring.wallets.flatMap(({ generations }) => generations),
    ];
    const shown =
      JSON.stringify({ account, entropy, passwordKey }) +
      inspect(account, { depth: 9, showHidden: true });
    for (const secret of secrets) {
      const bytes = Buffer.from(secret.expose());
      for (const form of ["hex", "base64", "base64url", "latin1"] as const) {
        expect(shown).not.toContain(bytes.toString(form));
      }
      expect(shown).not.toContain([...bytes].slice(0, 6).join(", "));
    }
  });
});
