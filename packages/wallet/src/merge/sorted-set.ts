/** Sets of texts as sorted lists, the form they have in a wallet. */

export function sortedUnion(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...rest] = lists;
  if (rest.every((list) => list.length === 0 || list === first)) return first;
  return [...new Set(lists.flat())].sort();
}

export function intersection(
  one: ReadonlySet<string>,
  other: ReadonlySet<string>,
): ReadonlySet<string> {
  return new Set([...one].filter((text) => other.has(text)));
}
