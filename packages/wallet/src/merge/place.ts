/** Where in a document something is, as a chain of names; spelled out only when somebody asks. */

export interface Place {
  readonly parent: Place | undefined;
  /** A function where the name is dear to find out. */
  readonly name: string | (() => string);
}

/** The names from the root to a place; undefined is the root. */
export function pathOf(place: Place | undefined): readonly string[] {
  const path: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) path.push(nameOf(at));
  return path.reverse();
}

function nameOf({ name }: Place): string {
  return typeof name === "string" ? name : name();
}
