import type { ContentFormat } from "@holdfast/client/engine";

/**
 * A wallet as short as a sentence: a set of words in their order, as one text. `key-…` is key material and becomes
 * `retired-key-…` when it is removed; `?word` is a question about a word.
 */
export const wordsFormat: ContentFormat<string> = {
  empty: "",
  equal: (one, other) => one === other,
  merge: (base, ours, theirs) => {
    const [was, mine, yours] = [base, ours, theirs].map(wordsOf);
    if (was === undefined || mine === undefined || yours === undefined) return "";
    const all = new Set([...mine, ...yours]);
    return textOf(
      [...all].filter((word) =>
        mine.has(word) === was.has(word) ? yours.has(word) : mine.has(word),
      ),
    );
  },
  reconcile: (one, other) => {
    const [first, second] = [wordsOf(one), wordsOf(other)];
    const all = new Set([...first, ...second]);
    const isDisputed = (word: string): boolean => !first.has(word) || !second.has(word);
    return textOf([...all, ...[...all].filter(isDisputed).map((word) => `?${word}`)]);
  },
  grow: (before, after) => {
    const kept = wordsOf(after);
    const missing = [...wordsOf(before)].filter(
      (word) =>
        (word.startsWith("key-") && !kept.has(word) && !kept.has(`retired-${word}`)) ||
        (word.startsWith("retired-") && !kept.has(word) && !kept.has(word.slice(8))),
    );
    const retired = missing.map((word) => (word.startsWith("key-") ? `retired-${word}` : word));
    return retired.length === 0 ? after : textOf([...kept, ...retired]);
  },
  conflictCount: (content) => [...wordsOf(content)].filter((word) => word.startsWith("?")).length,
};

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(" ").filter((word) => word !== ""));
}

function textOf(words: readonly string[]): string {
  return [...new Set(words)].sort().join(" ");
}
