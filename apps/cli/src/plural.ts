/** A number with its noun: `1 conflict`, `2 conflicts`. */
export function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
