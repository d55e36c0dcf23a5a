/** Small ways to break the devices of the simulation in what they verify themselves; `file` below `packages/testing/src`. */
export const modelMutations: readonly Mutation[] = [
  {
    name: "takes over a security state that nobody signed",
    file: "protocols/model-states.ts",
    find: 'if (before !== undefined && !isSigned(before, state)) return rejected("not-authentic");',
    replace: "",
  },
  {
    name: "forgets what its pairing told of the wallet",
    file: "simulation/sim-pairing.ts",
    find: "const known = newAccount4(states, keys, null, head);",
    replace: "const known = newAccount4(states, keys, null);",
  },
  {
    name: "takes the old state of a host for the newest",
    file: "protocols/model-states.ts",
    find: 'if (newest !== undefined && last.number < newest.number) return rejected("rolled-back");',
    replace:
      'if (newest !== undefined && last.number < newest.number) return { type: "verified", states: shown, isLockedOut: false };',
  },
  {
    name: "forgets to keep a push whose answer was lost",
    file: "simulation/sim-device.ts",
    find: 'if (outcome.type === "head") this.#rememberOwn(contacted.account, outcome.head, since);',
    replace: "",
  },
  {
    name: "upgrades an account with edits that are not pushed in the wallet and calls them synced",
    file: "simulation/sim-upgrade.ts",
    find: "store.durable = { record: continued.record, owner: 4 };",
    replace:
      "store.durable = { record: { ...continued.record, local: continued.record.synced.content }, owner: 4 };",
  },
];

/** Small ways to break the engine, each of which must be noticed: the test of the test. `find` stands exactly once in `file`. */
export type Mutation = {
  readonly name: string;
  /** below `packages/client/src/engine` */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
};

export const mutations: readonly Mutation[] = [
  {
    name: "sends a push before it is on disk",
    file: "next-activity.ts",
    find: 'if (!isDurable || state.direction === "pull") return quietly(state);',
    replace: "",
  },
  {
    name: "shows what came from elsewhere before it is on disk",
    file: "state.ts",
    find: "  return {\n    ...state,\n    record,\n",
    replace: "  return {\n    ...state,\n    record,\n    view: record.local,\n",
  },
  {
    name: "says an edit is saved when an older record is",
    file: "saving.ts",
    find: ".filter((edit) => edit.version <= savedVersion)\n    .map",
    replace: ".map",
  },
  {
    name: "takes the disk for newer than it is",
    file: "saving.ts",
    find: "const savedVersion = writing.version;",
    replace: "const savedVersion = state.disk.version;",
  },
  {
    name: "overwrites what was merged while the person was typing",
    file: "editing.ts",
    find: "from === local ? edited : format.merge(from, local, edited)",
    replace: "edited",
  },
  {
    name: "lets an edit drop a key",
    file: "editing.ts",
    find: "local: format.grow(local, merged)",
    replace: "local: from === local ? edit.content : merged",
  },
  {
    name: "takes a lost answer for success",
    file: "pushing.ts",
    find: 'case "unreachable":\n    case "busy"',
    replace:
      'case "unreachable":\n      return polling(acceptInFlight(parts, idle));\n    case "busy"',
  },
  {
    name: "gives up a push when its answer is lost",
    file: "pushing.ts",
    find: "return onRequestFailed(state, outcome);",
    replace: "return onRequestFailed(withRecord(parts, state, { inFlight: null }), outcome);",
  },
  {
    name: "takes the content of now for what was pushed",
    file: "accepting.ts",
    find: "synced: { sequence, hash, content: inFlight.content }",
    replace: "synced: { sequence, hash, content: record.local }",
  },
  {
    name: "takes the content of now for what was sealed",
    file: "pushing.ts",
    find: "const next = withRecord(parts, idle, { inFlight: { revision, content, keyId, via } });",
    replace:
      "const next = withRecord(parts, idle, { inFlight: { revision, content: idle.record.local, keyId, via } });",
  },
  {
    name: "takes any revision of the same sequence for its own",
    file: "considering.ts",
    find: "isSameRevision(inFlight.revision, theirs)",
    replace: "inFlight.revision.sequence === theirs.sequence",
  },
  {
    name: "does not recognise its own push",
    file: "considering.ts",
    find: "inFlight !== null && isSameRevision(inFlight.revision, theirs)",
    replace: "inFlight !== null && false",
  },
  {
    name: "forgets the push in flight when another revision came first",
    file: "merging.ts",
    find: "if (inFlight === null || inFlight.revision.sequence === theirs.sequence)\n    return [content, ...untold];",
    replace: "if (inFlight === null || inFlight !== null) return [content];",
  },
  {
    name: "believes that a push of unknown fate landed",
    file: "merging.ts",
    find: "return [synced.content, inFlight.content];",
    replace: "return [inFlight.content];",
  },
  {
    name: "believes that a push landed although another has its place",
    file: "merging.ts",
    find: "if (inFlight === null || inFlight.revision.sequence === theirs.sequence)\n    return [content, ...untold];",
    replace:
      "if (inFlight === null) return [content];\n  if (inFlight.revision.sequence === theirs.sequence) return [inFlight.content];",
  },
  {
    name: "believes that a push landed although the line contradicts",
    file: "merging.ts",
    find: 'case "contradicts":\n      return [content];',
    replace: 'case "contradicts":\n      return [inFlight.content];',
  },
  {
    name: "forgets a refused push that the host may have all the same",
    file: "accepting.ts",
    find: "givenUp: [...givenUp, { sequence, hash, content: inFlight.content }].slice(-maxGivenUp),",
    replace: "givenUp,",
  },
  {
    name: "pushes on top of what a chain does not prove",
    file: "adopting.ts",
    find: " && !parts.rules.isLineComplete;",
    replace: ";",
  },
  {
    name: "takes a line with a gap for a whole one",
    file: "merging.ts",
    find: 'if (descent === "unknown" && parts.rules.isLineComplete) return raise("broken-chain");',
    replace: "",
  },
  {
    name: "pushes though it was only to pull",
    file: "next-activity.ts",
    find: 'if (direction === "pull") return false;',
    replace: "",
  },
  {
    name: "pulls though it was only to push",
    file: "merging.ts",
    find: 'if (state.direction === "push") return polling(quietly(overtaken(state, theirs)));',
    replace: "",
  },
  {
    name: "merges with an empty base",
    file: "merging.ts",
    find: "format.merge(base, local, opened.content)",
    replace: "format.merge(format.empty, local, opened.content)",
  },
  {
    name: "merges with its own content as base",
    file: "merging.ts",
    find: "format.merge(base, local, opened.content)",
    replace: "format.merge(local, local, opened.content)",
  },
  {
    name: "takes theirs and drops its own edits",
    file: "merging.ts",
    find: "local: mergeHead(parts, record, theirs, opened),",
    replace: "local: opened.content,",
  },
  {
    name: "keeps its own and drops theirs",
    file: "merging.ts",
    find: "local: mergeHead(parts, record, theirs, opened),",
    replace: "local: record.local,",
  },
  {
    name: "takes the merged content for the base",
    file: "merging.ts",
    find: "synced: { ...theirs, content: opened.content },\n    local: mergeHead",
    replace:
      "synced: { ...theirs, content: mergeHead(parts, record, theirs, opened) },\n    local: mergeHead",
  },
  {
    name: "keeps the old base after a merge",
    file: "merging.ts",
    find: "synced: { ...theirs, content: opened.content },\n    local: mergeHead",
    replace: "synced: { ...theirs, content: record.synced.content },\n    local: mergeHead",
  },
  {
    name: "lets a first choice of theirs drop keys",
    file: "merging.ts",
    find: 'record.firstSync === "take-theirs") return format.grow(local, opened.content);',
    replace: 'record.firstSync === "take-theirs") return opened.content;',
  },
  {
    name: "applies an older revision",
    file: "considering.ts",
    find: "if (theirs.sequence > synced.sequence && head !== null)",
    replace: "if (theirs.sequence !== synced.sequence && head !== null)",
  },
  {
    name: "accepts another revision of the same sequence",
    file: "considering.ts",
    find: "if (theirs.hash !== synced.hash)\n    return raiseProblem",
    replace:
      "if (theirs.hash !== synced.hash && head !== null) return openHead(state, head, decision);\n  if (theirs.hash !== synced.hash)\n    return raiseProblem",
  },
  {
    name: "ignores what the line contradicts",
    file: "merging.ts",
    find: 'if (descent === "contradicts") return raise("forked");',
    replace: "",
  },
  {
    name: "does not write down its own pushes in the line",
    file: "accepting.ts",
    find: "line: extendLine(record.line, { sequence, hash }),\n    highest",
    replace: "line: record.line,\n    highest",
  },
  {
    name: "does not write down others' pushes in the line",
    file: "merging.ts",
    find: "line: extendLine(record.line, ...opened.line, theirs),",
    replace: "line: extendLine(record.line, ...opened.line),",
  },
  {
    name: "takes a merged revision for more than it is: its line names what nobody read",
    file: "adopting.ts",
    find: "opened === null ? unread(record, theirs) : [...opened.line, theirs]",
    replace: "[...(opened?.line ?? []), theirs]",
  },
  {
    name: "heals a host as if what stands there were its own",
    file: "adopting.ts",
    find: 'theirs.sequence === 0 || descentFrom(record.line, theirs) === "contains"',
    replace: "theirs.sequence >= 0",
  },
  {
    name: "goes on in spite of a problem",
    file: "next-activity.ts",
    find: "if (record.problem !== null) return state.decision === null ? quietly(state) : check(state);",
    replace: "if (state.decision !== null) return check(state);",
  },
  {
    name: "takes a refused push for an accepted one",
    file: "pushing.ts",
    find: "return quietly({ ...refused, checkFor: anySequence, network: working(state.network) });",
    replace: "return polling(acceptInFlight(parts, idle));",
  },
  {
    name: "does not look again after a refused push",
    file: "pushing.ts",
    find: "return quietly({ ...refused, checkFor: anySequence, network: working(state.network) });",
    replace:
      "return quietly({ ...withRecord(parts, refused, { inFlight: null }), network: working(state.network) });",
  },
  {
    name: "believes a receipt for something else",
    file: "pushing.ts",
    find: "if (stored !== undefined && !isSameRevision(stored, inFlight.revision))",
    replace: "if (stored !== undefined && stored.sequence < 0)",
  },
  {
    name: "takes an answer to another question",
    file: "pushing.ts",
    find: 'if (activity.type !== "pushing" || activity.requestId !== requestId || inFlight === null)',
    replace: 'if (activity.type !== "pushing" || inFlight === null)',
  },
  {
    name: "changes the password while edits are unpushed and calls them pushed",
    file: "next-activity.ts",
    find: 'if (wantsPush(state)) return seal(state, access.keyId, "push");\n  if (state.passwordChange === "wanted") return changePassword(parts, state, access.keyId);',
    replace:
      'if (state.passwordChange === "wanted") return changePassword(parts, { ...state, differs: false, record: { ...record, local: record.synced.content } }, access.keyId);\n  if (wantsPush(state)) return seal(state, access.keyId, "push");',
  },
  {
    name: "never pushes what a merge made",
    file: "next-activity.ts",
    find: "return state.differs && state.rounds < maxRounds;",
    replace: "return state.differs && state.rounds < maxRounds && state.unsavedEdits.length > 0;",
  },
  {
    name: "pushes again and again",
    file: "next-activity.ts",
    find: "return state.differs && state.rounds < maxRounds;",
    replace: "return state.record.synced.sequence >= 0;",
  },
  {
    name: "does not ask again when a notice was lost",
    file: "considering.ts",
    find: 'effects: [...step.effects, { type: "start-timer", timer: "poll", ...pollMs }],',
    replace: "effects: step.effects,",
  },
  {
    name: "does not bring a restored host up to what others have seen",
    file: "adopting.ts",
    find: "climbTo: needsClimb ? Math.max(highest, theirs.sequence) + 1 : 0,",
    replace: "climbTo: 0,",
  },
  {
    name: "takes an answer to another question for the host's head",
    file: "considering.ts",
    find: 'if (activity.type !== "checking" || activity.requestId !== requestId)',
    replace: 'if (activity.type !== "checking")',
  },
  {
    name: "picks one of two candidates instead of listing the difference",
    file: "merging.ts",
    find: ".reduce((one, other) => format.reconcile(one, other))",
    replace: ".reduce((one) => one)",
  },
  {
    name: "counts what others added as removed when an account is upgraded",
    file: "continuing.ts",
    find: "const continued = { ...fresh, synced: { ...fresh.synced, content: base }, givenUp };",
    replace:
      "const continued = { ...fresh, synced: { ...fresh.synced, content: local }, givenUp };",
  },
  {
    name: "forgets the merge base when an account is upgraded",
    file: "continuing.ts",
    find: "const continued = { ...fresh, synced: { ...fresh.synced, content: base }, givenUp };",
    replace: "const continued = { ...fresh, givenUp };",
  },
  {
    name: "takes an upgrade that was made from an older wallet than it has seen",
    file: "continuing.ts",
    find: "if (!hasLanded && from.sequence < synced.sequence)",
    replace: "if (from.sequence < 0)",
  },
  {
    name: "begins anew without the base that an upgrade left it, after a crash half way",
    file: "continuing.ts",
    find: "if (record.synced.sequence > 0) return fresh;",
    replace: "if (record.synced.sequence >= 0) return fresh;",
  },
  {
    name: "thinks that a restored host lacks nothing",
    file: "healing.ts",
    find: 'if (theirs.sequence > ours.sequence) return { type: "nothing" };',
    replace: 'if (theirs.sequence >= 0) return { type: "nothing" };',
  },
  {
    name: "sends a restored host one header too few",
    file: "healing.ts",
    find: "const lacking = headers.slice(theirs.sequence + 1 - first);",
    replace: "const lacking = headers.slice(theirs.sequence + 1 - first, -1);",
  },
  {
    name: "calls a restored host's history another one",
    file: "healing.ts",
    find: "return parentOf(next) === theirs.hash ?",
    replace: "return parentOf(next) === ours.hash ?",
  },
  {
    name: "keeps of the headers only the newest",
    file: "healing.ts",
    find: "before !== undefined && next",
    replace: "before === undefined && next",
  },
  {
    name: "keeps the headers of two lines as if they were one",
    file: "healing.ts",
    find: "next !== undefined && parentOf(next) === hashOf(before);",
    replace: 'next !== undefined && hashOf(before) !== "";',
  },
];
