/** The rules for LBRY wallets, one by one. */
import { thrownCode } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import {
  accounts,
  accountsOf,
  objectAt,
  objectOf,
  preference,
  sharedPreference,
  walletOf,
} from "../../../test-support/wallet-arbitraries.ts";
import { formatJson } from "../../json/format-json.ts";
import type { JsonObject, JsonValue } from "../../json/value.ts";
import type { Content } from "../../merge/wallet-format.ts";
import { encryptWallet } from "../encrypt-wallet.ts";
import { deriveAccountId, mainnet, masterKeyOfSeed } from "../keys/index.ts";
import { mergeWallets } from "../merge-wallets.ts";
import { getPreference, setPreference } from "../preferences.ts";
import type { WalletDocument } from "../wallet-document.ts";
import { lbryFormat, notesPreference, putNotes } from "./index.ts";

type Held = Content<WalletDocument>;

const format = lbryFormat;
const [full, keyed, other, watch] = accounts as readonly [
  JsonObject,
  JsonObject,
  JsonObject,
  JsonObject,
];
const fullId = deriveAccountId(full);
const textOf = (account: JsonObject, field: string): string => {
  const value = account.get(field);
  return typeof value === "string" ? value : "";
};
const seed = textOf(full, "seed");

const content = (document: WalletDocument): Held => format.contentOf(document);

/** A wallet with a shared preference of these fields. */
const sharing = (fields: Record<string, JsonValue>, ts = 50n): Held =>
  content(walletOf({ shared: sharedPreference(fields, ts) }, [full]));

const sharedOf = ({ document }: Held): JsonObject => {
  const value = getPreference(document, "shared");
  return value instanceof Map ? objectAt(value, "value") : new Map();
};

const holding = (...some: readonly JsonValue[]): Held => content(walletOf({}, some));
const withFields = (account: JsonObject, fields: Record<string, JsonValue>): JsonObject =>
  new Map([...account, ...Object.entries(fields)]);
const idsOf = (held: Held): string[] =>
  accountsOf(held.document).map((one) => deriveAccountId(one));
const edit = (from: Held, document: WalletDocument, now = 1000): Held =>
  format.edit(from, document, now);
const reasons = (held: Held): string[] => held.conflicts.open.map(({ reason }) => reason);

function answer(held: Held, choice: "first" | "second"): Held {
  const outcome = format.resolveConflict(held, held.conflicts.open[0]?.id ?? "", choice, 2000);
  expect(outcome.type).toBe("resolved");
  return outcome.type === "resolved" ? outcome.content : held;
}

describe("preferences", () => {
  it("[MERGE-63] two devices subscribe to different channels offline, one also unsubscribes: all of it holds", () => {
    const base = sharing({ subscriptions: ["lbry://old", "lbry://kept"] });
    const ours = edit(
      base,
      sharing({ subscriptions: ["lbry://kept", "lbry://mine"] }).document,
      60,
    );
    const theirs = edit(
      base,
      sharing({ subscriptions: ["lbry://old", "lbry://kept", "lbry://yours"] }).document,
      70,
    );
    const merged = format.merge(base, ours, theirs);
    expect(sharedOf(merged).get("subscriptions")).toEqual([
      "lbry://kept",
      "lbry://mine",
      "lbry://yours",
    ]);
    expect(merged.conflicts.open).toEqual([]);
    // The SDK takes the newer whole value and loses what the other device did.
    const bySdk = content(mergeWallets(ours.document, theirs.document, { now: 80 }));
    expect(sharedOf(bySdk).get("subscriptions")).toEqual([
      "lbry://old",
      "lbry://kept",
      "lbry://yours",
    ]);
  });

  it("[MERGE-17, MERGE-62] a merged preference is later than both, so that the SDK takes it", () => {
    const base = sharing({ tags: [] });
    const merged = format.merge(base, sharing({ tags: ["a"] }, 90n), sharing({ tags: ["b"] }, 70n));
    expect(objectAt(objectAt(merged.document, "preferences"), "shared").get("ts")).toBe(91n);
    const same = format.merge(base, sharing({ tags: ["a"] }, 90n), sharing({ tags: ["a"] }, 70n));
    expect(objectAt(objectAt(same.document, "preferences"), "shared").get("ts")).toBe(90n);
    const superset = format.merge(
      base,
      sharing({ tags: ["a", "b"] }, 60n),
      sharing({ tags: ["a"] }, 70n),
    );
    expect(objectAt(objectAt(superset.document, "preferences"), "shared").get("ts")).toBe(71n);
  });

  it("[MERGE-63] followed channels, settings and playlists merge field by field", () => {
    const uri = (name: string, notificationsDisabled: boolean) =>
      objectOf({ uri: name, notificationsDisabled });
    const list = (name: string, updatedAt: bigint, ...items: string[]) =>
      objectOf({ later: objectOf({ name, items, updatedAt }) });
    const base = sharing({
      following: [uri("a", false)],
      settings: objectOf({ theme: "light", language: "en" }),
      builtinCollections: list("Later", 1n, "x", "y"),
    });
    const ours = sharing(
      {
        following: [uri("a", true)],
        settings: objectOf({ theme: "dark", language: "en" }),
        builtinCollections: list("Later", 5n, "x", "mine", "y"),
      },
      60n,
    );
    const theirs = sharing(
      {
        following: [uri("a", false), uri("b", false)],
        settings: objectOf({ theme: "light", language: "de" }),
        builtinCollections: list("For later", 4n, "y"),
      },
      60n,
    );
    const merged = format.merge(base, ours, theirs);
    expect(sharedOf(merged)).toEqual(
      sharedOf(
        sharing({
          following: [uri("a", true), uri("b", false)],
          settings: objectOf({ theme: "dark", language: "de" }),
          builtinCollections: list("For later", 5n, "mine", "y"),
        }),
      ),
    );
    expect(merged.conflicts.open).toEqual([]);
  });

  it("[MERGE-21, MERGE-63] one setting with two values: the newer preference's is shown", () => {
    const base = sharing({ settings: objectOf({ theme: "light" }) });
    const ours = sharing({ settings: objectOf({ theme: "dark" }) }, 80n);
    const theirs = sharing({ settings: objectOf({ theme: "system" }) }, 70n);
    const merged = format.merge(base, ours, theirs);
    expect(sharedOf(merged).get("settings")).toEqual(objectOf({ theme: "dark" }));
    expect(format.describeConflict(merged, merged.conflicts.open[0]!)).toBe(
      'Two devices changed the setting "theme": one to "dark", the other to "system". For now it is "dark".',
    );
    expect(sharedOf(answer(merged, "second")).get("settings")).toEqual(
      objectOf({ theme: "system" }),
    );
  });

  it("[MERGE-29, MERGE-63] a preference of unknown structure is one value, to be looked at", () => {
    const wallet = (value: JsonValue, ts: bigint) =>
      content(walletOf({ x: preference(value, ts) }, []));
    const merged = format.merge(wallet([], 1n), wallet(["a"], 3n), wallet(["b"], 2n));
    expect(getPreference(merged.document, "x")).toEqual(["a"]);
    expect(merged.conflicts.open).toMatchObject([{ tier: "advanced", base: [] }]);
  });

  it("[MERGE-26] an edit is later than what it replaced, even if the clock is not", () => {
    const before = content(
      walletOf({ x: preference("a", 500n) }, [withFields(full, { modified_on: 900n })]),
    );
    const changed = walletOf(
      { x: preference("b", 500n), y: preference("c", 7n), z: objectOf({ value: 1n }) },
      [withFields(full, { modified_on: 900n, name: "new" })],
    );
    const stamps = (held: Held) => [
      ...[...objectAt(held.document, "preferences").values()].map((entry) =>
        (entry as JsonObject).get("ts"),
      ),
      accountsOf(held.document)[0]?.get("modified_on"),
    ];
    expect(stamps(edit(before, changed, 20.5))).toEqual([501n, 7n, 20n, 901n]);
    expect(stamps(edit(before, changed, 2000))).toEqual([2000n, 7n, 2000n, 2000n]);
    const set = setPreference(before.document, "x", "b", 10);
    expect(stamps(edit(before, set, 10))).toEqual([501n, 900n]);
    const untouched = walletOf({ x: preference("a", 3n) }, [withFields(full, { modified_on: 3n })]);
    expect(stamps(edit(before, untouched, 5000))).toEqual([500n, 900n]);
  });
});

describe("accounts", () => {
  it("[MERGE-60, MERGE-61] are united by id, fields merge one by one, gaps and names too", () => {
    const generator = (gap: bigint, change: bigint) =>
      objectOf({
        name: "deterministic-chain",
        receiving: objectOf({ gap, maximum_uses_per_address: 1n }),
        change: objectOf({ gap: change, maximum_uses_per_address: 1n }),
      });
    const base = holding(full);
    const ours = holding(
      withFields(full, { name: "mine", modified_on: 200n, address_generator: generator(30n, 6n) }),
      keyed,
    );
    const theirs = holding(
      other,
      withFields(full, { modified_on: 300n, address_generator: generator(20n, 9n) }),
    );
    const merged = format.merge(base, ours, theirs);
    expect(new Set(idsOf(merged))).toEqual(
      new Set([full, keyed, other].map((one) => deriveAccountId(one))),
    );
    const found = accountsOf(merged.document).find((one) => deriveAccountId(one) === fullId);
    expect(found?.get("name")).toBe("mine");
    expect(found?.get("modified_on")).toBe(301n);
    expect(found?.get("address_generator")).toEqual(generator(30n, 9n));
    expect(merged.conflicts.open).toEqual([]);
  });

  it("[MERGE-60] are known by their keys, however these are held and written", () => {
    const publicKey = textOf(full, "public_key");
    const shouting = withFields(full, { seed: `  ${seed.toUpperCase()} ` });
    const watching = withFields(full, { seed: "", private_key: "" });
    const withoutSeed = withFields(full, { seed: "" });
    for (const one of [shouting, watching, withoutSeed]) {
      expect(idsOf(format.merge(format.empty, holding(full), holding(one)))).toEqual([fullId]);
    }
    // A stored public key is not believed beside a seed.
    const raw = (account: JsonObject): Held => ({
      ...format.empty,
      document: walletOf({}, [account]),
    });
    const liar = withFields(full, { seed: "any other words", private_key: "" });
    const liars = format.merge(
      format.empty,
      raw(liar),
      raw(objectOf({ ledger: "lbc_mainnet", public_key: publicKey })),
    );
    expect(accountsOf(liars.document)).toHaveLength(2);
    const broken = objectOf({ ledger: "lbc_mainnet", public_key: "xpub" });
    const two = format.merge(
      format.empty,
      raw(broken),
      raw(withFields(broken, { name: "x", ledger: 5n })),
    );
    expect(accountsOf(two.document)).toHaveLength(2);
  });

  it("[MERGE-13, MERGE-64] keys are one unit: whoever can do more is shown, and without passing over a key nobody is asked", () => {
    const watching = withFields(full, { seed: "", private_key: "" });
    const gained = format.merge(
      holding(watching),
      holding(withFields(watching, { name: "x", modified_on: 500n })),
      holding(full),
    );
    expect(accountsOf(gained.document)[0]?.get("name")).toBe("x");
    expect(accountsOf(gained.document)[0]?.get("seed")).toBe(full.get("seed"));
    expect(reasons(gained)).toEqual([]);
    const first = format.merge(format.empty, holding(watching), holding(full));
    expect(accountsOf(first.document)[0]?.get("seed")).toBe(full.get("seed"));
    expect(reasons(first)).toEqual([]);
    const shouting = withFields(full, { seed: seed.toUpperCase() });
    const asked = format.merge(
      holding(full),
      holding(shouting),
      edit(holding(full), holding(watching).document),
    );
    expect(accountsOf(asked.document)[0]?.get("seed")).toBe(shouting.get("seed"));
    expect(asked.conflicts.open).toMatchObject([{ path: ["accounts", fullId, "*keys"] }]);
    const values = asked.conflicts.open[0]?.values ?? [];
    const isFirstWatching = values[0] instanceof Map && values[0].get("seed") === "";
    const resolved = answer(asked, isFirstWatching ? "first" : "second");
    expect(formatJson(resolved.document)).not.toContain(seed.toUpperCase());
    expect(format.serialize(resolved)).toContain(seed.toUpperCase());
  });

  it("[MERGE-65] an account that arrives encrypted keeps its clear keys", () => {
    const base = holding(full, keyed);
    const ivs = () => new Uint8Array(16);
    const encrypted = encryptWallet(base.document, "password", { ivs, now: 5 });
    const locked = content(
      new Map(encrypted).set(
        "accounts",
        accountsOf(base.document).map((account) =>
          withFields(account, { encrypted: true, seed: "c2Vj", private_key: "a2V5" }),
        ),
      ),
    );
    for (const merged of [
      format.merge(base, base, locked),
      format.merge(
        base,
        locked,
        edit(base, walletOf({}, [withFields(full, { name: "x" }), keyed])),
      ),
      format.merge(format.empty, base, locked),
    ]) {
      const secrets = accountsOf(merged.document).map((account) => account.get("private_key"));
      expect(new Set(secrets)).toEqual(
        new Set([full, keyed].map((account) => account.get("private_key"))),
      );
      expect(formatJson(merged.document)).not.toContain('"encrypted": true');
    }
  });

  it("[MERGE-64] channel keys are united; one channel with two keys shows one, lists both and loses none", () => {
    const channels = (entries: Record<string, string>) =>
      holding(withFields(full, { certificates: objectOf(entries) }));
    const merged = format.merge(
      channels({ a: "1" }),
      channels({ a: "1", b: "2" }),
      channels({ a: "1", c: "3" }),
    );
    expect(accountsOf(merged.document)[0]?.get("certificates")).toEqual(
      objectOf({ a: "1", b: "2", c: "3" }),
    );
    const disputed = format.merge(channels({}), channels({ a: "pem-x" }), channels({ a: "pem-y" }));
    expect(reasons(disputed)).toEqual(["changed-differently"]);
    expect(disputed.retired.keys).toMatchObject([{ kind: "channel-key", value: "pem-x" }]);
    expect(format.describeConflict(disputed, disputed.conflicts.open[0]!)).not.toContain("pem-");
  });

  it("[MERGE-22] a channel key that two accounts lose is retired the same way on both sides", () => {
    const channel = (account: JsonObject, pem: string) =>
      withFields(account, { certificates: objectOf({ c: pem }) });
    const base = holding(full, keyed);
    const ours = holding(channel(full, "pem-1"), channel(keyed, "pem-2"));
    const theirs = holding(channel(full, "pem-2"), channel(keyed, "pem-1"));
    const merged = format.merge(base, ours, theirs);
    expect(merged).toEqual(format.merge(base, theirs, ours));
    expect(merged.retired.keys).toHaveLength(1);
  });
});

describe("removed accounts and keys", () => {
  const base = holding(full, keyed);
  const removed = edit(base, holding(keyed).document);

  it("[MERGE-31] an edit that removes an account, a seed or a channel key retires it", () => {
    expect(removed.retired.keys).toMatchObject([
      { kind: "account", path: ["accounts", fullId], value: full },
    ]);
    expect(format.describeRetired(removed.retired.keys[0]!)).toBe(
      `The removed account ${fullId}, with its keys.`,
    );
    const watching = edit(
      base,
      holding(withFields(full, { seed: "", private_key: "" }), keyed).document,
    );
    expect(watching.retired.keys.map(({ kind }) => kind).toSorted()).toEqual([
      "private-key",
      "seed",
    ]);
    const channel = holding(withFields(full, { certificates: objectOf({ c: "pem" }) }));
    const without = edit(channel, holding(full).document);
    expect(without.retired.keys).toMatchObject([
      { kind: "channel-key", path: ["accounts", fullId, "certificates", "c"], value: "pem" },
    ]);
  });

  it("[MERGE-66] a removal by a person holds where nothing else changed", () => {
    const renamed = edit(base, holding(full, withFields(keyed, { name: "x" })).document);
    for (const merged of [
      format.merge(base, removed, renamed),
      format.merge(base, base, removed),
    ]) {
      expect(idsOf(merged)).toEqual([deriveAccountId(keyed)]);
      expect([merged.conflicts.open, merged.retired]).toEqual([[], removed.retired]);
    }
  });

  it("[MERGE-66] a removal here and a change there keeps the account and asks", () => {
    const renamed = edit(base, holding(withFields(full, { name: "x" }), keyed).document);
    const merged = format.merge(base, removed, renamed);
    expect(idsOf(merged)).toContain(fullId);
    expect(merged.conflicts.open).toMatchObject([
      { reason: "removed-and-changed", path: ["accounts", fullId] },
    ]);
    expect(idsOf(answer(merged, "first"))).toEqual([deriveAccountId(keyed)]);
  });

  it("[MERGE-66] an account that another program dropped stays and is asked about, again and again", () => {
    const dropped = holding(keyed);
    const merged = format.merge(base, base, dropped);
    expect([idsOf(merged).toSorted(), reasons(merged)]).toEqual([
      idsOf(base).toSorted(),
      ["removed-unannounced"],
    ]);
    expect(format.describeConflict(merged, merged.conflicts.open[0]!)).toBe(
      `Another program removed account ${fullId} without saying so. It is kept until you decide.`,
    );
    const gone = answer(merged, "first");
    expect([idsOf(gone), gone.retired.keys.length]).toEqual([[deriveAccountId(keyed)], 1]);
    const kept = answer(merged, "second");
    expect([idsOf(kept).length, reasons(kept)]).toEqual([2, []]);
    expect(reasons(format.merge(kept, kept, { ...kept, document: dropped.document }))).toEqual([
      "removed-unannounced",
    ]);
    // A device that was offline meanwhile hears the answer.
    expect(idsOf(format.merge(base, base, gone))).toEqual([deriveAccountId(keyed)]);
  });

  it("[MERGE-33] no path loses keys: an older revision, a fast-forward, or the other candidate", () => {
    const plain = holding(keyed);
    for (const held of [
      format.grow(base, plain),
      format.edit(base, plain.document, 5),
      format.grow(removed, plain),
    ]) {
      expect(held.retired.keys.map(({ value }) => value)).toEqual([full]);
    }
    expect(format.grow(base, base)).toBe(base);
    expect(format.grow(plain, base)).toEqual(base);
    expect(idsOf(format.reconcile(base, plain)).toSorted()).toEqual(idsOf(base).toSorted());
  });

  it("[MERGE-4, MERGE-32] a destroyed key is gone on every device, and retired anew only if it was used again", () => {
    const id = removed.retired.keys[0]?.id ?? "";
    const destroyed = format.destroyRetired(removed, id);
    expect(destroyed.retired).toEqual({ keys: [], destroyed: [id] });
    expect(format.destroyRetired(destroyed, "unknown")).toEqual(destroyed);
    for (const held of [
      format.merge(base, destroyed, base),
      format.merge(base, removed, destroyed),
      format.merge(removed, removed, destroyed),
      format.grow(base, format.merge(base, base, destroyed)),
    ]) {
      expect([idsOf(held), held.retired]).toEqual([[deriveAccountId(keyed)], destroyed.retired]);
    }
    const imported = edit(destroyed, holding(keyed, full).document);
    const again = edit(imported, holding(keyed).document);
    expect(again.retired.keys).toMatchObject([{ kind: "account", value: full }]);
    expect(format.merge(imported, imported, again).retired).toEqual(again.retired);
  });
});

describe("notes in the wallet", () => {
  const merged = format.merge(
    content(walletOf({ x: preference("a", 1n) }, [full])),
    content(walletOf({ x: preference("b", 2n) }, [full])),
    content(walletOf({ x: preference("c", 3n) }, [full])),
  );

  it("[MERGE-68] conflicts and retired keys travel under one preference whose time stamp grows", () => {
    expect([...putNotes(format.empty).keys()]).toEqual([...format.empty.document.keys()]);
    const entry = objectAt(objectAt(putNotes(merged), "preferences"), notesPreference);
    expect(entry.get("ts")).toBe(1n);
    expect(merged.document.get("preferences")).not.toContain(notesPreference);
    const more = edit(merged, walletOf({}, []));
    expect(objectAt(objectAt(putNotes(more), "preferences"), notesPreference).get("ts")).toBe(2n);
    expect(format.contentOf(putNotes(more))).toEqual(more);
    // A wallet file with notes in it may be edited as it is.
    expect(edit(merged, putNotes(merged))).toEqual(merged);
  });

  it("[MERGE-68] damaged notes are kept apart, and those of a newer version are refused", () => {
    const patched = (from: string, to: string) => format.serialize(merged).replace(from, to);
    for (const text of [
      patched('"open": [', '"open": ["x", '),
      patched('"version": 1, "conflicts"', '"version": 0, "conflicts"'),
      patched('"values": ["', '"values": ["{'),
      patched('"reason": "', '"reason": "?'),
      format
        .serialize(content(walletOf({ [notesPreference]: preference(5n, 1n) }, [])))
        .replace("-damaged", ""),
    ]) {
      const held = format.parse(text);
      expect(held.conflicts.open).toEqual([]);
      const preferences = objectAt(held.document, "preferences");
      expect([
        preferences.has(notesPreference),
        preferences.has(`${notesPreference}-damaged`),
      ]).toEqual([false, true]);
      const twice = putNotes({ ...merged, document: held.document });
      const [start, ...ends] = formatJson(twice).split('"closed": ').toReversed();
      const broken = [...ends.toReversed(), `5, "was": ${start}`].join('"closed": ');
      expect(
        objectAt(format.parse(broken).document, "preferences").has(
          `${notesPreference}-damaged-again`,
        ),
      ).toBe(true);
    }
    const newer = patched('"version": 1, "conflicts"', '"version": 2, "conflicts"');
    expect(thrownCode(() => format.parse(newer))).toBe("unsupported-version");
  });

  it("[MERGE-67] a wallet is read in the form the SDK would give it, with the fields LBRY does not know", () => {
    const sparse = content(
      objectOf({
        accounts: [objectOf({ ledger: "lbc_mainnet", seed: "x y", own: 1n })],
        extra: true,
      }),
    );
    expect([...sparse.document.keys()]).toEqual([
      "accounts",
      "extra",
      "version",
      "name",
      "preferences",
    ]);
    const [account] = accountsOf(sparse.document);
    expect(account?.get("own")).toBe(1n);
    expect(account?.get("private_key")).toMatch(/^xprv/u);
    expect(format.parse(format.serialize(sparse))).toEqual(sparse);
    expect(thrownCode(() => format.parse("[]"))).toBe("malformed-wallet");
    expect(thrownCode(() => format.parse("{"))).toBe("malformed-json");
  });
});

describe("differences", () => {
  it("[MERGE-40, MERGE-41] are told in plain words", () => {
    const key = masterKeyOfSeed(new Uint8Array(32).fill(9), mainnet);
    const before = content(
      walletOf(
        {
          shared: sharedPreference(
            { subscriptions: ["lbry://@a#1"], tags: ["x"], settings: objectOf({ theme: "light" }) },
            1n,
          ),
          old: preference(1n, 1n),
        },
        [full, watch],
      ),
    );
    const after = content(
      walletOf(
        {
          shared: sharedPreference(
            { subscriptions: ["lbry://@b#2"], tags: ["x"], settings: objectOf({ theme: "dark" }) },
            9n,
          ),
          "enable-sync": preference(true, 9n),
        },
        [
          withFields(full, { name: "Savings", modified_on: 500n }),
          objectOf({ ledger: "lbc_mainnet", name: "new", private_key: key.privateText }),
        ],
        { name: "Home" },
      ),
    );
    expect(format.describe(format.diff(before.document, after.document))).toEqual([
      'The wallet\'s name changed from "My Wallet" to "Home".',
      'The subscription to lbry://@a#1 was removed. It was "lbry://@a#1".',
      'The subscription to lbry://@b#2 was added: "lbry://@b#2".',
      'The setting "theme" changed from "light" to "dark".',
      'The preference "old" was removed. It was 1.',
      'The preference "enable-sync" was added: true.',
      `The name of account ${fullId} changed from "one" to "Savings".`,
      `Account ${deriveAccountId(watch)} was removed.`,
      `Account ${key.address} was added.`,
    ]);
  });
});
