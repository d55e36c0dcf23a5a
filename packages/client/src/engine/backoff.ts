/** How long to wait after so many failures in a row: doubling from `least` up to `most`, the upper half at random. */
export function backoff(
  failures: number,
  range: { readonly least: number; readonly most: number },
): { leastMs: number; mostMs: number } {
  const mostMs = Math.min(range.least * 2 ** Math.min(failures, 30), range.most);
  return { leastMs: Math.max(range.least, mostMs / 2), mostMs };
}
