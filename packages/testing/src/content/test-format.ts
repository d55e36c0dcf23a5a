/** The merge of the simulation's own wallet: the same rules as the real formats', in as few lines as they take. */
import type { ContentFormat } from "@holdfast/client/engine";
import { emptyTestContent, isOpen } from "./test-content.ts";
import type { Field, TestConflict, TestContent } from "./test-content.ts";

const maxTombstones = 40;

type Conflicts = ReadonlyMap<string, TestConflict>;

export const testFormat: ContentFormat<TestContent> = {
  empty: emptyTestContent,
  equal: (one, other) =>
    one === other ||
    (areEqualMaps(one.fields, other.fields, isSameField) &&
      areEqualSets(one.members, other.members) &&
      areEqualMaps(one.keys, other.keys, Object.is) &&
      areEqualMaps(one.retired, other.retired, Object.is) &&
      areEqualMaps(one.conflicts, other.conflicts, isSameConflict)),
  merge,
  reconcile,
  grow,
  conflictCount: (content) => {
    let count = 0;
    for (const conflict of content.conflicts.values()) if (isOpen(conflict)) count += 1;
    return count;
  },
};

/** The conflicts with one raised: two values of a path, the same whichever side is which. */
function raise(
  conflicts: Conflicts,
  path: string,
  one: string | null,
  other: string | null,
): Conflicts {
  const isSorted = (one ?? "") <= (other ?? "");
  const values: TestConflict["values"] = isSorted ? [one, other] : [other, one];
  const id = [path, ...values.map((value) => value ?? "-")].join("|");
  const closed = conflicts.get(id)?.closed ?? 0;
  return pruned(
    new Map([...conflicts, [id, { path, values, raised: nextTime(conflicts), closed }]]),
  );
}

/** Later than anything these conflicts know of. */
function nextTime(conflicts: Conflicts): number {
  let latest = 0;
  for (const { raised, closed } of conflicts.values()) latest = Math.max(latest, raised, closed);
  return latest + 1;
}

function merge(base: TestContent, ours: TestContent, theirs: TestContent): TestContent {
  let conflicts = uniteConflicts(ours.conflicts, theirs.conflicts);
  const fields = new Map<string, Field>();
  for (const name of new Set([...ours.fields.keys(), ...theirs.fields.keys()])) {
    const [was, our, their] = [base, ours, theirs].map((side) => side.fields.get(name));
    const kept = mergeField(was, our, their, () => {
      conflicts = raise(conflicts, `field:${name}`, our?.value ?? null, their?.value ?? null);
    });
    if (kept !== undefined) fields.set(name, kept);
  }
  const members = new Set<string>();
  for (const name of new Set([...ours.members, ...theirs.members])) {
    const our = ours.members.has(name);
    const isKept = our === base.members.has(name) ? theirs.members.has(name) : our;
    if (isKept) members.add(name);
  }
  const allKeys = new Map([...theirs.retired, ...ours.retired, ...theirs.keys, ...ours.keys]);
  const keys = new Map<string, string>();
  const retired = new Map<string, string>();
  for (const [id, secret] of allKeys) {
    const our = ours.keys.has(id);
    const isKept = our === base.keys.has(id) ? theirs.keys.has(id) : our;
    (isKept ? keys : retired).set(id, secret);
  }
  return { fields, members, keys, retired, conflicts };
}

function mergeField(
  base: Field | undefined,
  ours: Field | undefined,
  theirs: Field | undefined,
  onConflict: () => void,
): Field | undefined {
  if ((ours?.value ?? null) === (theirs?.value ?? null)) return newer(ours, theirs);
  if (isSameField(base, ours)) return theirs;
  if (isSameField(base, theirs)) return ours;
  onConflict();
  return newer(ours, theirs);
}

/** Of two candidate results, all of both; what differs is listed. */
function reconcile(one: TestContent, other: TestContent): TestContent {
  let conflicts = uniteConflicts(one.conflicts, other.conflicts);
  const fields = new Map<string, Field>();
  for (const name of new Set([...one.fields.keys(), ...other.fields.keys()])) {
    const [first, second] = [one.fields.get(name), other.fields.get(name)];
    const kept = newer(first, second);
    if (kept !== undefined) fields.set(name, kept);
    const [a, b] = [first?.value ?? null, second?.value ?? null];
    if (a === b) continue;
    conflicts = raise(conflicts, `field:${name}`, a, b);
  }
  const members = new Set([...one.members, ...other.members]);
  for (const name of members)
    if (!one.members.has(name) || !other.members.has(name))
      conflicts = raise(conflicts, `member:${name}`, name, null);
  const keys = new Map([...one.keys, ...other.keys]);
  const retired = new Map([...one.retired, ...other.retired].filter(([id]) => !keys.has(id)));
  return { fields, members, keys, retired, conflicts };
}

function grow(before: TestContent, after: TestContent): TestContent {
  const missing = [...before.retired, ...before.keys].filter(
    ([id]) => !after.keys.has(id) && !after.retired.has(id),
  );
  if (missing.length === 0) return after;
  return { ...after, retired: new Map([...after.retired, ...missing]) };
}

function uniteConflicts(ours: Conflicts, theirs: Conflicts): Conflicts {
  if (ours === theirs) return ours;
  const all = new Map(ours);
  for (const [id, conflict] of theirs) {
    const known = all.get(id) ?? conflict;
    const raised = Math.max(known.raised, conflict.raised);
    all.set(id, { ...known, raised, closed: Math.max(known.closed, conflict.closed) });
  }
  return pruned(all);
}

function pruned(conflicts: Conflicts): Conflicts {
  const closed = [...conflicts].filter(([, conflict]) => !isOpen(conflict));
  if (closed.length <= maxTombstones) return conflicts;
  closed.sort(([a, one], [b, other]) => other.closed - one.closed || (a < b ? -1 : 1));
  const forgotten = new Set(closed.slice(maxTombstones).map(([id]) => id));
  return new Map([...conflicts].filter(([id]) => !forgotten.has(id)));
}

function isSameConflict(one: TestConflict, other: TestConflict): boolean {
  return one.raised === other.raised && one.closed === other.closed;
}

function newer(one: Field | undefined, other: Field | undefined): Field | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.stamp !== other.stamp) return one.stamp > other.stamp ? one : other;
  return (one.value ?? "") > (other.value ?? "") ? one : other;
}

function isSameField(one: Field | undefined, other: Field | undefined): boolean {
  return one?.value === other?.value && one?.stamp === other?.stamp;
}

function areEqualSets(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const item of one) if (!other.has(item)) return false;
  return true;
}

function areEqualMaps<Value>(
  one: ReadonlyMap<string, Value>,
  other: ReadonlyMap<string, Value>,
  isSame: (one: Value, other: Value) => boolean,
): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [key, value] of one) {
    const counterpart = other.get(key);
    if (counterpart === undefined || !isSame(value, counterpart)) return false;
  }
  return true;
}
