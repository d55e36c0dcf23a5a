import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { printable } from "./printable.ts";
import { Secret } from "./secret.ts";

describe("a secret", () => {
  const secret = new Secret("correct horse");

  it.each([
    ["a sentence", `failed for ${secret as unknown as string}`],
    ["JSON", JSON.stringify({ secret })],
    ["inspect", inspect({ secret }, { depth: 9, showHidden: true })],
    ["a format string", format("%s %o %j", secret, secret, secret)],
    ["its own properties", JSON.stringify(Object.assign({}, secret))],
    ["an error", String(new Error("failed", { cause: secret }).cause)],
  ])("[P3C-44] does not show in %s", (_, shown) => {
    expect(shown).not.toContain("horse");
  });

  it("[P3C-44] is taken out of a stranger's text, and so is what steers a terminal", () => {
    expect(printable("\u001b[31mno: correct horse\u202e!\r\n", [secret])).toBe(
      "[31mno: [secret] !",
    );
    expect(printable("x".repeat(301))).toHaveLength(301);
    expect(printable("empty secrets hide nothing", [new Secret("")])).toBe(
      "empty secrets hide nothing",
    );
  });
});
