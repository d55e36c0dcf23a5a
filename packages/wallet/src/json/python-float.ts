/**
 * Writes a double as Python's `repr` does (LBRY-3). Both languages print the shortest digits that read back
 * the same; they differ only in when they switch to an exponent and in how they write it.
 */

/** The text of a JSON number that is not an integer; always has a `.`, an `e`, or is `NaN`/`Infinity`/`-Infinity`. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const exponent = Number(exponentText);
  const digits = mantissa.replace(".", "");
  if (exponent < -4 || exponent > 15) return sign + withExponent(mantissa, exponent);
  return sign + withoutExponent(digits, exponent);
}

function withExponent(mantissa: string, exponent: number): string {
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
}

function withoutExponent(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}
