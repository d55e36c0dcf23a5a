/** What a person reads off the recovery kit on the screen. */

/** The words on the screen, in the order of their numbers. */
export function kitOf(seen: string): string[] {
  const cells = Array.from(seen.matchAll(/(\d{1,2}) ([a-z]+)\b(?= |\n)/gu));
  const words = new Map(cells.map(([, place, word = ""]) => [Number(place), word]));
  return Array.from({ length: 24 }, (_, at) => words.get(at + 1) ?? "?");
}

/** The word that is asked for. */
export function wordAsked(seen: string, words: readonly string[]): string {
  const place = Number(/Word (\d+) of/u.exec(seen)?.[1]);
  return words[place - 1] ?? "?";
}
