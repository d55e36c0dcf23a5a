import { type CanonicalValue, encodeCanonical } from "../canonical/canonical-json.ts";

/** Every text that differs from this one in one bit of one character, and this one cut short or made longer. */
export function textMutations(text: string, bits: readonly number[] = [1]): readonly string[] {
  const flipped = bits.flatMap((bit) =>
    Array.from({ length: text.length }, (_, at) => {
      const unit = String.fromCharCode(text.charCodeAt(at) ^ bit);
      return text.slice(0, at) + unit + text.slice(at + 1);
    }),
  );
  return [...flipped, text.slice(0, -1), `${text} `, ""];
}

/** All bytes that differ from these in one bit of one byte, and these cut short or made longer. */
export function byteMutations(bytes: Uint8Array): readonly Uint8Array[] {
  const flipped = [...bytes].map((byte, at) => {
    const copy = bytes.slice();
    copy[at] = byte ^ (1 << (at % 8));
    return copy;
  });
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  return [...flipped, bytes.slice(0, -1), longer, new Uint8Array(0)];
}

/** Canonical texts that differ in one field: another value of the same kind, missing, or unknown. */
export function fieldMutations(text: string): readonly string[] {
  const fields = JSON.parse(text) as Readonly<Record<string, CanonicalValue>>;
  const changed = Object.entries(fields).flatMap(([key, value]) => {
    const { [key]: _, ...rest } = fields;
    return [rest, ...otherValues(value).map((other) => ({ ...fields, [key]: other }))];
  });
  return [...changed, { ...fields, extra: 1 }].map((mutated) => encodeCanonical(mutated));
}

function otherValues(value: CanonicalValue): readonly CanonicalValue[] {
  if (typeof value === "number") return [value + 1, value - 1, 0, "1"];
  if (typeof value === "string") {
    const first = value.startsWith("A") ? "B" : "A";
    return [
      first + value.slice(1),
      `${value}A`,
      "",
      1,
      ...(value === "default" ? ["A".repeat(43)] : []),
    ];
  }
  if (Array.isArray(value)) return [[], [...(value as readonly CanonicalValue[]), 1], {}];
  return [{}, []];
}
