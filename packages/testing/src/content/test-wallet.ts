import type { Random } from "../random/random.ts";
import type { Desk, PersonEdit, SimulatedWallet } from "../simulation/simulated-wallet.ts";
import {
  isOpen,
  parseTestContent,
  serializeTestContent,
  pathsOf,
  valueAt,
} from "./test-content.ts";
import type { TestContent } from "./test-content.ts";
import { testFormat } from "./test-format.ts";

const fieldNames = ["animal", "car", "colour", "drink", "food", "song"];
const maxMembers = 16;
const maxKeys = 24;

/** The simulation's own wallet, and what people do with it. */
export const testWallet: SimulatedWallet<TestContent> = {
  format: testFormat,
  marksEdits: true,
  serialize: serializeTestContent,
  parse: parseTestContent,
  edit,
  answer,
  pathsOf,
  valueAt,
  listed: (content) =>
    [...content.conflicts.values()]
      .filter(isOpen)
      .flatMap(({ path, values }) => values.map((value) => ({ path, value }))),
  keyIds: function* (content) {
    yield* content.keys.keys();
    yield* content.retired.keys();
  },
};

function edit(desk: Desk, content: TestContent): PersonEdit<TestContent> | null {
  const { random } = desk;
  const kind = random.below(20);
  if (kind < 9) return setValue(desk, content, `field:${random.pick(fieldNames)}`, desk.fresh());
  if (kind < 11) {
    const path = pathsOf(content).find((path) => path.startsWith("field:"));
    return path === undefined ? null : setValue(desk, content, path, null);
  }
  if (kind < 15 && content.members.size < maxMembers)
    return setValue(desk, content, `member:${desk.fresh()}`, "yes");
  if (kind < 18) {
    if (content.members.size === 0) return null;
    return setValue(desk, content, `member:${pickFrom(random, content.members)}`, null);
  }
  return kind === 18 ? addKey(desk, content) : removeKey(desk, content);
}

function addKey(desk: Desk, content: TestContent): PersonEdit<TestContent> | null {
  if (content.keys.size + content.retired.size >= maxKeys) return null;
  const secret = desk.fresh();
  const keys = new Map([...content.keys, [`key-of-${secret}`, secret]]);
  return { content: { ...content, keys }, changes: [] };
}

/** Only drops it: that it is retired and not lost is the engine's and the format's work. */
function removeKey(desk: Desk, content: TestContent): PersonEdit<TestContent> | null {
  if (content.keys.size === 0) return null;
  const id = pickFrom(desk.random, content.keys.keys());
  const keys = new Map([...content.keys].filter(([other]) => other !== id));
  return { content: { ...content, keys }, changes: [] };
}

function answer(desk: Desk, content: TestContent): PersonEdit<TestContent> | null {
  const open = [...content.conflicts].filter(([, conflict]) => isOpen(conflict));
  if (open.length === 0) return null;
  const [id, conflict] = desk.random.pick(open);
  const closed = { ...conflict, closed: conflict.raised };
  const conflicts = new Map([...content.conflicts, [id, closed]]);
  const { path, values } = conflict;
  // A member that goes and comes back has no stamp to show for it, so people leave it as they see it.
  if (path.startsWith("member:")) {
    const value = valueAt(content, path);
    return { content: { ...content, conflicts }, changes: [{ path, value, isAffirmed: true }] };
  }
  const chosen = setValue(desk, content, path, desk.random.pick(values));
  return { ...chosen, content: { ...chosen.content, conflicts } };
}

function setValue(
  desk: Desk,
  content: TestContent,
  path: string,
  value: string | null,
): PersonEdit<TestContent> {
  const name = path.slice(path.indexOf(":") + 1);
  if (path.startsWith("member:")) {
    const members = new Set(content.members);
    if (value === null) members.delete(name);
    else members.add(name);
    return {
      content: { ...content, members },
      changes: [{ path, value: value === null ? null : name }],
    };
  }
  const fields = new Map(content.fields);
  const replaced = fields.get(name);
  const stamp = Math.max(desk.nowMs, (replaced?.stamp ?? 0) + 1);
  fields.set(name, { value, stamp });
  return { content: { ...content, fields }, changes: [{ path, value }] };
}

function pickFrom(random: Random, items: Iterable<string>): string {
  return random.pick([...items]);
}
