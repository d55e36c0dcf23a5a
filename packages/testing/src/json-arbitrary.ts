import fc from "fast-check";

/** The same shape as the wallet package's `JsonValue`; testing imports no sibling. */
type AnyJson =
  null | boolean | bigint | number | string | readonly AnyJson[] | ReadonlyMap<string, AnyJson>;

const anyString = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  // Any UTF-16 units, lone surrogates included.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom("__proto__", "constructor", "10", "9", "-1", "01", ""),
);

/** Any JSON value of the kinds Python knows: big integers, every double, lone surrogates, odd keys. */
export const jsonArbitrary: fc.Arbitrary<AnyJson> = fc.letrec<{ value: AnyJson }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
    fc.double(),
    anyString,
    fc.array(tie("value"), { maxLength: 5 }),
    fc
      .array(fc.tuple(anyString, tie("value")), { maxLength: 5 })
      .map((entries) => new Map(entries)),
  ),
})).value;
