import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../json/value.ts";
import { WalletError } from "../wallet-error.ts";
import {
  type AccountKeys,
  deriveAccountId,
  deriveAccountKeys,
  deriveAddresses,
  deriveAddressKey,
  deriveChannelKey,
  deriveSeedBytes,
  isStandardSeedPhrase,
  isUnlockableSeedPhrase,
  mainnet,
  makeSeedPhrase,
  masterKeyOfSeed,
  type Network,
  networkOfLedger,
  normalizeSeedPhrase,
  parseExtendedKey,
  regtest,
  seedPhraseOfNumber,
  seedPhraseToNumber,
  seedVersionHash,
  testnet,
} from "./index.ts";

interface NetworkCase {
  account_id: string;
  xprv: string;
  xpub: string;
  receiving: string[];
  change: string[];
  receiving_0: { private_key_hex: string; public_key_hex: string; wif_bytes_hex: string };
  channel_keys: { n: number; id: string; public_key_hex: string; private_key_hex: string }[];
}
interface SeedCase {
  name: string;
  kind: "seed";
  phrase: string;
  normalized: string;
  version_hash_prefix: string;
  is_valid_standard_seed: boolean;
  seed_bytes_hex: string;
  word_number_hex?: string;
  word_error?: unknown;
  mainnet: NetworkCase;
  regtest: NetworkCase;
  single_address_mainnet: [string, string];
}
interface MakeSeedCase {
  name: string;
  kind: "make_seed";
  random_hex: string;
  rejected_random_hex: string[];
  result_number_hex: string;
  increments: number;
  phrase: string;
}
interface Bip32Case {
  name: string;
  kind: "bip32";
  network: "mainnet" | "regtest";
  seed_hex: string;
  keys: { path: number[]; xprv: string; xpub: string; address: string; fingerprint: string }[];
}
interface ReloadCase {
  name: string;
  kind: "reload_key";
  text: string;
  reloaded: string;
  same: boolean;
  child_0_of_reloaded: string;
  child_0_of_original: string;
}
interface RoundTripCase {
  name: string;
  kind: string;
  input_json: string;
  id?: string;
  error?: unknown;
}

const mnemonicCases = readCases<SeedCase | MakeSeedCase | Bip32Case | ReloadCase>("mnemonic.json");
const accountCases = readCases<RoundTripCase>("account_dict.json").filter(
  ({ kind }) => kind === "round_trip",
);

function readCases<Case>(file: string): Case[] {
  const url = new URL(`../../../../../vectors/${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { cases: Case[] }).cases;
}

function ofKind<Kind extends (typeof mnemonicCases)[number]["kind"]>(kind: Kind) {
  return mnemonicCases.filter(
    (one): one is Extract<(typeof mnemonicCases)[number], { kind: Kind }> => one.kind === kind,
  );
}

function account(fields: Record<string, JsonValue>): JsonObject {
  return new Map(Object.entries({ ledger: "lbc_mainnet", ...fields }));
}

function resultOf<Result>(action: () => Result): Result | string {
  try {
    return action();
  } catch (error) {
    return error instanceof WalletError ? error.code : `not a WalletError: ${String(error)}`;
  }
}

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectKeys(keys: AccountKeys, expected: NetworkCase): void {
  expect(keys.id).toBe(expected.account_id);
  expect(keys.masterKey.privateText).toBe(expected.xprv);
  expect(keys.masterKey.publicText).toBe(expected.xpub);
  for (const chain of ["receiving", "change"] as const) {
    expect(deriveAddresses(keys, chain, 0, expected[chain].length)).toEqual(expected[chain]);
  }
  const first = deriveAddressKey(keys, "receiving", 0);
  expect(first.address).toBe(expected.receiving[0]);
  expect(bytesToHex(first.privateKey)).toBe(expected.receiving_0.private_key_hex);
  expect(bytesToHex(first.publicKey)).toBe(expected.receiving_0.public_key_hex);
  expect(bytesToHex(first.wifBytes)).toBe(expected.receiving_0.wif_bytes_hex);
  expect(expected.channel_keys).toHaveLength(3);
  for (const channel of expected.channel_keys) {
    const key = deriveChannelKey(keys, channel.n);
    expect(key.address).toBe(channel.id);
    expect(bytesToHex(key.publicKey)).toBe(channel.public_key_hex);
    expect(bytesToHex(key.privateKey)).toBe(channel.private_key_hex);
  }
}

describe("seed phrase vectors", () => {
  it.each(ofKind("seed"))(
    "[LBRY-41, LBRY-42, LBRY-47] $name: phrase to seed, keys, account id and addresses",
    (vector) => {
      expect(normalizeSeedPhrase(vector.phrase)).toBe(vector.normalized);
      expect(seedVersionHash(vector.phrase).slice(0, 8)).toBe(vector.version_hash_prefix);
      expect(isStandardSeedPhrase(vector.phrase)).toBe(vector.is_valid_standard_seed);
      expect(bytesToHex(deriveSeedBytes(vector.phrase))).toBe(vector.seed_bytes_hex);
      expect(isUnlockableSeedPhrase(vector.phrase)).toBe(vector.word_error === undefined);
      expect(resultOf(() => seedPhraseToNumber(vector.phrase).toString(16))).toBe(
        vector.word_error === undefined ? vector.word_number_hex : "malformed-seed",
      );
      const deriveSeed = () => hexToBytes(vector.seed_bytes_hex);
      const seed = vector.phrase;
      expectKeys(deriveAccountKeys(account({ seed }), deriveSeed), vector.mainnet);
      for (const ledger of ["lbc_regtest", "lbc_testnet"]) {
        expectKeys(deriveAccountKeys(account({ ledger, seed }), deriveSeed), vector.regtest);
      }
      const single = deriveAccountKeys(
        account({ seed, address_generator: new Map([["name", "single-address"]]) }),
      );
      expect([
        ...deriveAddresses(single, "receiving", 0, 20),
        ...deriveAddresses(single, "change", 0, 6),
      ]).toEqual(vector.single_address_mainnet);
      expect(deriveAddressKey(single, "change", 3).privateText).toBe(vector.mainnet.xprv);
    },
  );

  it.each(ofKind("make_seed"))(
    "[LBRY-43] $name: the same random number gives the same phrase",
    (vector) => {
      const draws = [...vector.rejected_random_hex, vector.random_hex];
      const phrase = makeSeedPhrase((length) =>
        hexToBytes((draws.shift() ?? "").padStart(2 * length, "0")),
      );
      expect(phrase).toBe(vector.phrase);
      expect(draws).toEqual([]);
      const number = seedPhraseToNumber(phrase);
      expect(number.toString(16)).toBe(vector.result_number_hex);
      expect(number - BigInt(`0x${vector.random_hex}`)).toBe(BigInt(vector.increments));
      expect(seedPhraseOfNumber(number)).toBe(phrase);
    },
  );

  it.each(ofKind("bip32"))("[LBRY-45] $name: keys at every path", (vector) => {
    const master = masterKeyOfSeed(
      hexToBytes(vector.seed_hex),
      vector.network === "mainnet" ? mainnet : regtest,
    );
    for (const expected of vector.keys) {
      const key = master.derive(...expected.path);
      expect({
        path: expected.path,
        xprv: key.privateText,
        xpub: key.publicText,
        address: key.address,
        fingerprint: key.fingerprint,
      }).toEqual(expected);
      expect(key.toPublic().publicText).toBe(expected.xpub);
    }
  });

  it.each(ofKind("reload_key"))("[LBRY-46] $name", (vector) => {
    const key = parseExtendedKey(vector.text, mainnet);
    expect(key.privateText).toBe(vector.reloaded);
    expect(key.privateText === vector.text).toBe(vector.same);
    expect(key.derive(0).privateText).toBe(vector.child_0_of_reloaded);
    expect(vector.child_0_of_reloaded).toBe(vector.child_0_of_original);
  });

  it.each(accountCases)("[LBRY-47] account $name: its id, or a refusal", (vector) => {
    const parsed = losslessEnough(JSON.parse(vector.input_json)) as JsonObject;
    expect(vector.id === undefined ? ["malformed-key", "malformed-wallet"] : [vector.id]).toContain(
      resultOf(() => deriveAccountId(parsed)),
    );
  });
});

function losslessEnough(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(losslessEnough);
  if (typeof value === "object" && value !== null) {
    return new Map(Object.entries(value).map(([key, item]) => [key, losslessEnough(item)]));
  }
  return value as JsonValue;
}

describe("seed phrases", () => {
  it("[LBRY-41] normalising is idempotent and keeps out capitals, marks and double spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (phrase) => {
        const once = normalizeSeedPhrase(phrase);
        expect(normalizeSeedPhrase(once)).toBe(once);
        expect(once).not.toMatch(/^\s|\s$|\s\s/u);
      }),
    );
  });

  it("[LBRY-41] white space is Python's, and marks of combining class 0 stay", () => {
    expect(normalizeSeedPhrase("a\u001cb\u0085c\u3000d\u2009e")).toBe("a b c d e");
    expect(normalizeSeedPhrase("a\ufeffb")).toBe("a\ufeffb");
    expect(normalizeSeedPhrase("e\u0301\u0345\u0334x")).toBe("ex");
    expect(normalizeSeedPhrase("\u0915\u093e")).toBe("\u0915\u093e");
    expect(normalizeSeedPhrase("\u0915\u094d")).toBe("\u0915");
  });

  it("[LBRY-41] half a surrogate pair is refused, not replaced", () => {
    expect(resultOf(() => deriveSeedBytes("carbon \ud800"))).toBe("malformed-seed");
  });

  it("[LBRY-42] numbers and phrases of listed words stand for each other", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 200n }), (number) => {
        expect(seedPhraseToNumber(seedPhraseOfNumber(number))).toBe(number);
      }),
    );
    expect(seedPhraseToNumber("")).toBe(0n);
  });

  it("[LBRY-43] made phrases are standard, listed and have at least 12 words", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 17 }), (random) => {
        const phrase = makeSeedPhrase(() =>
          Uint8Array.from(random, (byte, i) => (i === 0 ? 15 : byte)),
        );
        expect(isStandardSeedPhrase(phrase)).toBe(true);
        expect(isUnlockableSeedPhrase(phrase)).toBe(true);
        expect(phrase.split(" ").length).toBeGreaterThanOrEqual(12);
      }),
      { numRuns: 20 },
    );
  });

  it("[LBRY-43] a random source that does not work gives no seed", () => {
    expect(resultOf(() => makeSeedPhrase((length) => new Uint8Array(length)))).toBe(
      "weak-randomness",
    );
    expect(resultOf(() => makeSeedPhrase(() => new Uint8Array(3).fill(255)))).toBe(
      "weak-randomness",
    );
  });

  it("[LBRY-44] capitals or marks make a phrase the SDK could not unlock again", () => {
    expect(isUnlockableSeedPhrase("carbon  smart\ngarage")).toBe(true);
    expect(isUnlockableSeedPhrase("Carbon smart garage")).toBe(false);
    expect(isUnlockableSeedPhrase("cárbon smart garage")).toBe(false);
  });
});

const seedBytes = fc.uint8Array({ minLength: 16, maxLength: 64 });
const networks: fc.Arbitrary<Network> = fc.constantFrom(mainnet, testnet, regtest);
const indexes = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("extended keys", () => {
  it("[LBRY-46] text forms of master keys and fingerprint-less children round-trip", () => {
    fc.assert(
      fc.property(seedBytes, networks, indexes, (seed, network, index) => {
        const master = masterKeyOfSeed(seed, network);
        const child = parseExtendedKey(master.derive(index).privateText, network);
        for (const text of [master.privateText, master.publicText, child.privateText]) {
          const key = parseExtendedKey(text, network);
          expect(key.hasPrivateKey ? key.privateText : key.publicText).toBe(text);
        }
        expect(child.address).toBe(master.toPublic().derive(index).address);
      }),
      { numRuns: 30 },
    );
  });

  it("[LBRY-46] a changed, shortened or lengthened text is refused with a typed error that does not quote it", () => {
    const text = masterKeyOfSeed(new Uint8Array(32).fill(7), mainnet).privateText;
    const mutations = fc.tuple(fc.nat(text.length), fc.nat(2), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(mutations, ([at, removed, inserted]) => {
        const mutant = text.slice(0, at) + inserted + text.slice(at + removed);
        fc.pre(mutant !== text);
        const error = errorOf(() => parseExtendedKey(mutant, mainnet));
        expect(error).toMatchObject({ name: "WalletError", code: "malformed-key" });
        expect(inspect(error)).not.toContain(text.slice(20, 60));
      }),
    );
  });

  it("[LBRY-46] any text is refused quickly, however long", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant("z".repeat(5_000_000))), (text) => {
        expect(resultOf(() => parseExtendedKey(text, mainnet))).toBe("malformed-key");
      }),
      { numRuns: 50 },
    );
  });

  it("[LBRY-40] a key of another network is refused", () => {
    const text = masterKeyOfSeed(new Uint8Array(32), regtest).publicText;
    expect(parseExtendedKey(text, testnet).publicText).toBe(text);
    expect(resultOf(() => parseExtendedKey(text, mainnet))).toBe("malformed-key");
    expect(resultOf(() => networkOfLedger("btc_mainnet"))).toBe("unknown-ledger");
  });

  it("[LBRY-45] a public key has no hardened children and no secret", () => {
    const key = masterKeyOfSeed(new Uint8Array(32), mainnet).toPublic();
    expect(key.hasPrivateKey).toBe(false);
    expect(resultOf(() => key.derive(2 ** 31))).toBe("key-derivation");
    expect(resultOf(() => key.derive(-1))).toBe("key-derivation");
    expect(resultOf(() => key.derive(0.5))).toBe("key-derivation");
    expect(resultOf(() => key.privateText)).toBe("key-derivation");
    expect(resultOf(() => key.wifBytes)).toBe("key-derivation");
    expect(resultOf(() => masterKeyOfSeed(new Uint8Array(3), mainnet))).toBe("malformed-seed");
  });

  it("[LBRY-45] printing or serialising a key shows no secret", () => {
    const key = masterKeyOfSeed(new Uint8Array(32).fill(3), mainnet);
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
    expect(shown).not.toContain(key.privateText);
    expect(shown).not.toContain(bytesToHex(key.privateKey).slice(0, 16));
  });
});

describe("account objects", () => {
  const seed =
    "carbon smart garage balance margin twelve chest sword toast envelope bottom stomach absent";
  const id = "bbmkLZJvGdu6WFaRCZjZBgvagbRWjr5Xew";
  const other = masterKeyOfSeed(new Uint8Array(32).fill(9), mainnet);

  it("[LBRY-47] a stored seed overrides stored keys, unless the account is encrypted", () => {
    const fields = { seed, private_key: other.privateText, public_key: other.publicText };
    expect(deriveAccountId(account(fields))).toBe(id);
    expect(deriveAccountId(account({ ...fields, seed: "" }))).toBe(other.address);
    expect(deriveAccountId(account({ ...fields, encrypted: true }))).toBe(other.address);
  });

  it("[LBRY-48] a watch-only account has addresses but no private keys", () => {
    const watching = deriveAccountKeys(account({ public_key: other.publicText }));
    const full = deriveAccountKeys(account({ private_key: other.privateText }));
    expect(deriveAddresses(watching, "change", 2, 3)).toEqual(
      deriveAddresses(full, "change", 2, 3),
    );
    expect(resultOf(() => deriveAddressKey(watching, "receiving", 0).privateKey)).toBe(
      "key-derivation",
    );
  });

  it("[LBRY-47] no account object makes it throw anything but a WalletError", () => {
    const value = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.bigInt(),
      fc.double(),
      fc.constantFrom<JsonValue>(null, [], [1n], new Map(), new Map([["a", 1n]]), "lbc_mainnet"),
      fc.constantFrom(other.privateText, other.publicText),
    );
    const fields = fc.dictionary(
      fc.constantFrom("encrypted", "private_key", "public_key", "address_generator"),
      value,
    );
    fc.assert(
      fc.property(fields, (some) => {
        expect(resultOf(() => deriveAccountKeys(account(some)))).not.toContain("not a WalletError");
      }),
    );
  });
});
