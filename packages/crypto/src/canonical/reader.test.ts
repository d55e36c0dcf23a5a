import { describe, expect, it } from "vitest";
import { codeOf } from "../testing/error-code.ts";
import type { CanonicalValue } from "./canonical-json.ts";
import { deviceId, parseHostOrigin, walletId } from "./fields.ts";
import { bytesText, integer, list, oneOf, optional, record, text } from "./reader.ts";

const read = record("thing", {
  count: integer(1, 3),
  kind: oneOf("a", "b"),
  note: optional(text(3)),
});

describe("readers", () => {
  it("[P4C-2] an object with every field, and with an optional one left out, is read", () => {
    expect(read({ count: 1, kind: "a" })).toEqual({ count: 1, kind: "a" });
    expect(read({ count: 3, kind: "b", note: "xyz" })).toEqual({
      count: 3,
      kind: "b",
      note: "xyz",
    });
  });

  it.each<[string, CanonicalValue]>([
    ["a missing field", { count: 1 }],
    ["an unknown field", { count: 1, kind: "a", more: 1 }],
    ["an unknown field with a name that objects inherit", { count: 1, kind: "a", toString: 1 }],
    ["a number out of bounds", { count: 4, kind: "a" }],
    ["another kind of value", { count: "1", kind: "a" }],
    ["a text that is none of the choices", { count: 1, kind: "c" }],
    ["a text that is too long", { count: 1, kind: "a", note: "wxyz" }],
    ["a list in its place", [1]],
    ["a text in its place", "a"],
  ])("[P4C-2] %s is refused", (_, value) => {
    expect(codeOf(() => read(value))).toBe("malformed");
  });

  it("[P4C-2] lists have a longest length, and bytes an exact one", () => {
    expect(codeOf(() => list(integer(0), 2)([1, 2, 3]))).toBe("malformed");
    expect(codeOf(() => list(integer(0), 2)({}))).toBe("malformed");
    expect(codeOf(() => bytesText(2)("AAA"))).toBe("none");
    expect(codeOf(() => bytesText(2)("AAAA"))).toBe("malformed");
    expect(codeOf(() => bytesText(2)("AAB"))).toBe("malformed");
  });

  it("[P4C-2] wallet ids, device ids and host origins have one form", () => {
    expect(codeOf(() => walletId("default"))).toBe("none");
    expect(codeOf(() => walletId("Default"))).toBe("malformed");
    expect(codeOf(() => deviceId("a b"))).toBe("malformed");
    for (const origin of ["https://a.example", "http://localhost:8080", "https://[::1]:1"]) {
      expect(parseHostOrigin(origin)).toBe(origin);
    }
    for (const origin of [
      "https://A.example",
      "https://a.example/",
      "https://a.example:0",
      "https://user@a.example",
      "ftp://a.example",
      "a.example",
      "https://a.example\n",
      `https://${"a".repeat(250)}.example`,
    ]) {
      expect(codeOf(() => parseHostOrigin(origin))).toBe("malformed");
    }
  });
});
