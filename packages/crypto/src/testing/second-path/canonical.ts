/** RFC 8785 for strings, integers, arrays and objects, written without the package under test. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = value as Record<string, unknown>;
  const members = Object.keys(fields)
    .sort(byUtf16)
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`);
  return `{${members.join(",")}}`;
}

/** Order of UTF-16 code units, as big-endian bytes. */
function byUtf16(a: string, b: string): number {
  const bytes = (text: string) => Buffer.from(text, "utf16le").swap16();
  return Buffer.compare(bytes(a), bytes(b));
}
