/** Random LBRY wallets around a few accounts, and edits that leave a trace: each writes a text that occurs nowhere else. */
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../src/json/value.ts";
import { lbryFormat } from "../src/lbry/three-way/index.ts";
import type { WalletDocument } from "../src/lbry/wallet-document.ts";
import { mainnet, masterKeyOfSeed } from "../src/lbry/keys/index.ts";

type Fields = Readonly<Record<string, JsonValue>>;

export function objectOf(fields: Fields): JsonObject {
  return new Map(Object.entries(fields));
}

/** An object's field as an object; empty if it is none. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const found = object.get(name);
  return found instanceof Map ? found : new Map();
}

function arrayAt(object: JsonObject, name: string): readonly JsonValue[] {
  const found = object.get(name);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}

const key = masterKeyOfSeed(new Uint8Array(32).fill(7), mainnet);
const common = { ledger: "lbc_mainnet", modified_on: 100n, encrypted: false };

/** Accounts of every kind in normal form; the second is the first without its keys. */
export const accounts: readonly JsonObject[] = accountsOf(
  lbryFormat.contentOf(
    walletOf({}, [
      objectOf({ ...common, name: "one", seed: "carbon smart garage balance margin twelve" }),
      objectOf({ ...common, name: "key", private_key: key.privateText }),
      objectOf({ ...common, name: "other", private_key: key.derive(1, 2).privateText }),
      objectOf({
        ...common,
        name: "watch",
        public_key: key.derive(3).publicText,
        address_generator: objectOf({ name: "single-address" }),
      }),
    ]),
  ).document,
);

export function accountsOf(wallet: WalletDocument): readonly JsonObject[] {
  return arrayAt(wallet, "accounts").filter((account) => account instanceof Map);
}

export function walletOf(
  preferences: Fields,
  someAccounts: readonly JsonValue[],
  more: Fields = {},
): WalletDocument {
  return objectOf({
    version: 1n,
    name: "My Wallet",
    preferences: objectOf(preferences),
    accounts: someAccounts,
    ...more,
  });
}

export function preference(value: JsonValue, ts: bigint | number): JsonObject {
  return objectOf({ value, ts });
}

export function sharedPreference(value: Fields, ts: bigint | number): JsonObject {
  return preference(objectOf({ type: "object", version: "0.1", value: objectOf(value) }), ts);
}

const few = fc.constantFrom("a", "b", "c", "d");
const texts = fc.array(few, { maxLength: 4 });
const stamp = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.double({ min: 0, max: 20, noNaN: true }),
);
const plain: fc.Arbitrary<JsonValue> = fc.oneof(
  few,
  fc.boolean(),
  fc.constantFrom<JsonValue>(null, 1n, 1, [], ["a"], objectOf({ a: 1n })),
);

const sharedValue = fc.record(
  {
    subscriptions: texts,
    tags: texts,
    following: fc.array(
      fc
        .tuple(few, fc.boolean())
        .map(([uri, notificationsDisabled]) => objectOf({ uri, notificationsDisabled })),
      { maxLength: 3 },
    ),
    settings: fc.dictionary(few, plain, { maxKeys: 3 }).map(objectOf),
    builtinCollections: fc
      .dictionary(few, fc.record({ items: texts, name: few, updatedAt: stamp }).map(objectOf), {
        maxKeys: 2,
      })
      .map(objectOf),
    odd: plain,
  },
  { requiredKeys: [] },
);

const preferences = fc.record(
  {
    shared: fc.oneof(
      fc.tuple(sharedValue, stamp).map(([value, ts]) => sharedPreference(value, ts)),
      fc.tuple(plain, stamp).map(([value, ts]) => preference(value, ts)),
    ),
    "enable-sync": fc.tuple(fc.boolean(), stamp).map(([value, ts]) => preference(value, ts)),
    other: fc.tuple(plain, stamp).map(([value, ts]) => preference(value, ts)),
  },
  { requiredKeys: [] },
);

const account = fc
  .record({
    which: fc.constantFrom(...accounts),
    name: few,
    modified_on: fc.bigInt({ min: 90n, max: 110n }),
    gap: fc.bigInt({ min: 1n, max: 3n }),
    certificates: fc.dictionary(few, few, { maxKeys: 3 }).map(objectOf),
    isWatchOnly: fc.boolean(),
    unknown: fc.option(few, { nil: undefined }),
  })
  .map(({ which, name, modified_on, gap, certificates, isWatchOnly, unknown }) => {
    const generator = objectAt(which, "address_generator");
    return new Map<string, JsonValue>([
      ...which,
      ["name", name],
      ["modified_on", modified_on],
      ["certificates", certificates],
      ...(isWatchOnly
        ? ([
            ["seed", ""],
            ["private_key", ""],
          ] as const)
        : []),
      ...(unknown === undefined ? [] : ([["unknown", unknown]] as const)),
      [
        "address_generator",
        generator.has("change")
          ? new Map([...generator, ["change", objectOf({ gap, maximum_uses_per_address: 1n })]])
          : generator,
      ],
    ]);
  });

/** Any wallet the SDK could load, in normal form. */
export const wallet: fc.Arbitrary<WalletDocument> = fc
  .record({
    name: fc.constantFrom("My Wallet", "Wallet", "x"),
    preferences,
    accounts: fc.uniqueArray(account, { maxLength: 4, selector: (one) => one.get("public_key") }),
    unknown: plain,
  })
  .map((parts) =>
    walletOf(parts.preferences, parts.accounts, { name: parts.name, unknown: parts.unknown }),
  );

export interface WalletEdit {
  readonly kind: keyof typeof edits;
  /** Chooses among what is there. */
  readonly pick: number;
}

type Edit = (wallet: WalletDocument, trace: string, pick: number) => WalletDocument;

function choose<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

function editShared(
  change: (value: Map<string, JsonValue>, trace: string, pick: number) => void,
): Edit {
  return (wallet, trace, pick) => {
    const all = new Map(objectAt(wallet, "preferences"));
    const entry = objectAt(all, "shared");
    const outer = objectAt(entry, "value");
    const value = new Map(objectAt(outer, "value"));
    change(value, trace, pick);
    all.set("shared", new Map(entry).set("value", new Map(outer).set("value", value)));
    return new Map(wallet).set("preferences", all);
  };
}

function editAccount(
  change: (account: Map<string, JsonValue>, trace: string, pick: number) => void,
): Edit {
  return (wallet, trace, pick) => {
    const list = [...accountsOf(wallet)];
    const at = list.length === 0 ? -1 : pick % list.length;
    const chosen = list[at];
    if (chosen === undefined) return wallet;
    const account = new Map(chosen);
    change(account, trace, Math.floor(pick / list.length));
    return new Map(wallet).set("accounts", list.with(at, account));
  };
}

function without(list: readonly JsonValue[], pick: number): readonly JsonValue[] {
  return list.length === 0 ? list : list.toSpliced(pick % list.length, 1);
}

function withoutKey(object: JsonObject, pick: number): JsonObject {
  const name = choose([...object.keys()], pick);
  return new Map([...object].filter(([other]) => other !== name));
}

const edits = {
  subscribe: editShared((value, trace) => {
    value.set("subscriptions", [...arrayAt(value, "subscriptions"), `lbry://${trace}`]);
  }),
  unsubscribe: editShared((value, _trace, pick) => {
    value.set("subscriptions", without(arrayAt(value, "subscriptions"), pick));
  }),
  set: editShared((value, trace, pick) => {
    const name = choose(["theme", "language"], pick) ?? "";
    value.set("settings", new Map(objectAt(value, "settings")).set(name, trace));
  }),
  unset: editShared((value, _trace, pick) => {
    value.set("settings", withoutKey(objectAt(value, "settings"), pick));
  }),
  play: editShared((value, trace, pick) => {
    const playlists = objectAt(value, "builtinCollections");
    const playlist = objectAt(playlists, "later");
    const items = arrayAt(playlist, "items").toSpliced(pick % 4, 0, `lbry://${trace}`);
    value.set(
      "builtinCollections",
      new Map(playlists).set("later", new Map(playlist).set("items", items)),
    );
  }),
  shuffle: editShared((value) => {
    const playlists = objectAt(value, "builtinCollections");
    const playlist = objectAt(playlists, "later");
    const items = arrayAt(playlist, "items").toReversed();
    value.set(
      "builtinCollections",
      new Map(playlists).set("later", new Map(playlist).set("items", items)),
    );
  }),
  prefer: (wallet: WalletDocument, trace: string) => {
    const all = objectAt(wallet, "preferences");
    const entry = new Map(objectAt(all, "other")).set("value", trace);
    return new Map(wallet).set("preferences", new Map(all).set("other", entry));
  },
  forget: (wallet: WalletDocument, _trace: string, pick: number) =>
    new Map(wallet).set("preferences", withoutKey(objectAt(wallet, "preferences"), pick)),
  rename: editAccount((account, trace) => {
    account.set("name", trace);
  }),
  addChannel: editAccount((account, trace) => {
    account.set(
      "certificates",
      new Map(objectAt(account, "certificates")).set(`channel-${trace}`, `pem-${trace}`),
    );
  }),
  removeChannel: editAccount((account, _trace, pick) => {
    account.set("certificates", withoutKey(objectAt(account, "certificates"), pick));
  }),
  removeKeys: editAccount((account) => {
    account.set("seed", "").set("private_key", "");
  }),
  markAccount: editAccount((account, trace) => {
    account.set("unknown", trace);
  }),
  addAccount: (wallet: WalletDocument, trace: string, pick: number) => {
    const added = choose(accounts, pick);
    const ids = new Set(accountsOf(wallet).map((account) => account.get("public_key")));
    if (added === undefined || ids.has(added.get("public_key"))) return wallet;
    return new Map(wallet).set("accounts", [
      ...accountsOf(wallet),
      new Map(added).set("name", trace),
    ]);
  },
  removeAccount: (wallet: WalletDocument, _trace: string, pick: number) =>
    new Map(wallet).set("accounts", without(accountsOf(wallet), pick)),
  markWallet: (wallet: WalletDocument, trace: string) => new Map(wallet).set("unknown", trace),
} satisfies Record<string, Edit>;

export const walletEdit: fc.Arbitrary<WalletEdit> = fc.record({
  kind: fc.constantFrom(...(Object.keys(edits) as (keyof typeof edits)[])),
  pick: fc.nat(30),
});

export function applyEdit(wallet: WalletDocument, edit: WalletEdit, trace: string): WalletDocument {
  return edits[edit.kind](wallet, trace, edit.pick);
}
