/**
 * The simulation's own wallet: small, and yet with everything that merging is about. Fields with time stamps (like
 * preferences), members of a set (like subscriptions), keys that may never be lost, retired keys, and conflicts.
 */
export type TestContent = {
  readonly fields: ReadonlyMap<string, Field>;
  readonly members: ReadonlySet<string>;
  readonly keys: ReadonlyMap<string, string>;
  readonly retired: ReadonlyMap<string, string>;
  readonly conflicts: ReadonlyMap<string, TestConflict>;
};

/** A removed field keeps its stamp, so that taking back one's own edit differs from never having made it. */
export type Field = { readonly value: string | null; readonly stamp: number };

/**
 * Two values of one path of which a person must choose; null: absent. `raised` is a moment in the content's own logical
 * time, `closed` the last raising that was answered: so an answer never closes a question that came up again meanwhile.
 * A closed one stays as a tombstone.
 */
export type TestConflict = {
  readonly path: string;
  readonly values: readonly [string | null, string | null];
  readonly raised: number;
  readonly closed: number;
};

/** Whether it waits for an answer. */
export function isOpen(conflict: TestConflict): boolean {
  return conflict.raised > conflict.closed;
}

export const emptyTestContent: TestContent = {
  fields: new Map(),
  members: new Set(),
  keys: new Map(),
  retired: new Map(),
  conflicts: new Map(),
};

/** `member:…` or `field:…`: what a value stands at. */
export function valueAt(content: TestContent, path: string): string | null {
  const name = path.slice(path.indexOf(":") + 1);
  if (path.startsWith("member:")) return content.members.has(name) ? name : null;
  return content.fields.get(name)?.value ?? null;
}

/** Every path that has a value. */
export function pathsOf(content: TestContent): string[] {
  return [
    ...[...content.fields]
      .filter(([, field]) => field.value !== null)
      .map(([name]) => `field:${name}`),
    ...[...content.members].map((name) => `member:${name}`),
  ];
}

/** The text that is sealed. */
export function serializeTestContent(content: TestContent): string {
  return JSON.stringify({
    fields: [...content.fields],
    members: [...content.members],
    keys: [...content.keys],
    retired: [...content.retired],
    conflicts: [...content.conflicts],
  });
}

/** What was sealed; throws when it is no such text. */
export function parseTestContent(text: string): TestContent {
  const raw = JSON.parse(text) as {
    fields: [string, Field][];
    members: string[];
    keys: [string, string][];
    retired: [string, string][];
    conflicts: [string, TestConflict][];
  };
  return {
    fields: new Map(raw.fields),
    members: new Set(raw.members),
    keys: new Map(raw.keys),
    retired: new Map(raw.retired),
    conflicts: new Map(raw.conflicts),
  };
}
