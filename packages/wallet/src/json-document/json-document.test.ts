import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentSchema, jsonDocument, jsonValue } from "../../test-support/json-arbitraries.ts";
import type { Content, WalletFormat } from "../merge/wallet-format.ts";
import { createJsonFormat, formatJson, type JsonValue, parseJson } from "./index.ts";

const declared = createJsonFormat({ schema: documentSchema });
const undeclared = createJsonFormat();
const formats = fc.constantFrom<WalletFormat<JsonValue>>(declared, undeclared);
const document = fc.oneof<fc.Arbitrary<JsonValue>[]>(jsonDocument, jsonValue);

function content(value: JsonValue): Content<JsonValue> {
  return declared.contentOf(value);
}

function expectEqual(
  format: WalletFormat<JsonValue>,
  one: Content<JsonValue>,
  other: Content<JsonValue>,
): void {
  expect(format.equal(one, other), `${format.serialize(one)}\n${format.serialize(other)}`).toBe(
    true,
  );
}

describe("merging JSON documents", () => {
  it("[MERGE-10] whatever one side left alone follows the other", () => {
    fc.assert(
      fc.property(formats, document, document, (format, b, x) => {
        const [base, changed] = [content(b), content(x)];
        expect(format.merge(base, base, changed)).toEqual(changed);
        expect(format.merge(base, changed, base)).toEqual(changed);
        expectEqual(
          format,
          format.merge(base, changed, content(parseJson(formatJson(x)))),
          changed,
        );
      }),
    );
  });

  it("[MERGE-22] the result does not depend on which side is ours", () => {
    fc.assert(
      fc.property(formats, document, document, document, (format, b, x, y) => {
        const sides = [content(x), content(y)] as const;
        const merged = format.merge(content(b), sides[0], sides[1]);
        expectEqual(format, merged, format.merge(content(b), sides[1], sides[0]));
        expectEqual(format, format.reconcile(...sides), format.reconcile(sides[1], sides[0]));
      }),
    );
  });

  it("[MERGE-5] merged contents survive being written and read", () => {
    fc.assert(
      fc.property(formats, document, document, document, (format, b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y));
        expect(format.parse(format.serialize(merged))).toEqual(merged);
      }),
    );
  });
});
