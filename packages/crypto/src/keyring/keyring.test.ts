import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeCredentials } from "../account/change-credentials.ts";
import { encodeBase64url } from "../bytes/base64url.ts";
import { parseCanonicalBytes } from "../canonical/canonical-json.ts";
import { hashText } from "../hash/hash.ts";
import { Secret } from "../secret/secret.ts";
import { publicKeyOf } from "../signature/signing-key.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { fieldMutations, textMutations } from "../testing/mutations.ts";
import { sampleAccount, sampleTime } from "../testing/sample-account.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { parseWalletName, walletIdOf } from "../wallet/wallet-id.ts";
import {
  createKeyring,
  encodeKeyring,
  type Keyring,
  parseKeyring,
  rotated,
  secretOf,
  withWallet,
} from "./keyring.ts";
import { openKeyring, sealKeyring } from "./seal-keyring.ts";

const sample = sampleAccount();
const { state, accountKey, sealedKeyring, keyring } = sample.account;
const random = seededBytes("keyring");
const anyWallet = "default" as Keyring["wallets"][number]["walletId"];

/** A state that names this keyring text: as if the host could sign. */
function naming(text: string): VerifiedState {
  return { ...state, keyringHash: hashText(text) };
}

/** A keyring sealed under the account's key for its first state. */
function sealed(other: Keyring): string {
  return sealKeyring(other, accountKey, 1, { nonce: state.account.nonce }, random);
}

function exposed({ authoritySeed, nameKey, wallets }: Keyring): unknown {
  return {
    authority: authoritySeed.expose(),
    name: nameKey.expose(),
    wallets: wallets.map(({ walletId, name, generations }) => ({
      walletId,
      name,
      generations: generations.map((secret) => secret.expose()),
    })),
  };
}

describe("the keyring", () => {
  it("[P4C-25] authority seed, name key, wallets and all their generations come back from a sealed keyring", () => {
    const opened = openKeyring(sealedKeyring, accountKey, state);
    expect(exposed(opened)).toEqual(exposed(keyring));
    const grown = rotated(withWallet(keyring, "Savings", random), new Set([anyWallet]), random);
    const again = parseKeyring(parseCanonicalBytes(encodeKeyring(grown), 10_000));
    expect(exposed(again)).toEqual(exposed(grown));
    expect(again.wallets.map(({ name, generations }) => [name, generations.length])).toEqual([
      ["default", 2],
      ["Savings", 1],
    ]);
  });

  it("[P4C-9] [P4C-26] every changed character of a sealed keyring gives the one opaque error", () => {
    const open = (text: string) => openKeyring(text, accountKey, state);
    expect(codesOf(textMutations(sealedKeyring), open)).toEqual(["cannot-open"]);
    expect(codesOf(fieldMutations(sealedKeyring), open)).toEqual(["cannot-open"]);
  });

  it("[P4C-25] a changed keyring does not open even where a state names it", () => {
    const open = (text: string) => openKeyring(text, accountKey, naming(text));
    expect(codesOf(textMutations(sealedKeyring), open)).toEqual(["cannot-open"]);
    expect(codeOf(() => open(sealedKeyring))).toBe("none");
  });

  it("[P4C-26] a keyring of another account, another key or a later state does not open", () => {
    const other = sampleAccount("another").account;
    const cases = [
      () => openKeyring(other.sealedKeyring, other.accountKey, state),
      () => openKeyring(sealedKeyring, other.accountKey, state),
      () => openKeyring(sealedKeyring, accountKey, { ...state, keyringHash: hashText("another") }),
      () => openKeyring(sealedKeyring, accountKey, { ...state, account: other.state.account }),
      () => openKeyring(sealedKeyring, accountKey, { ...state, epoch: 0 }),
    ];
    expect(codesOf(cases, (open) => open())).toEqual(["cannot-open"]);
  });

  it("[P4C-26] a keyring whose authority key is not the state's does not open", () => {
    const foreign = {
      ...state,
      authorityKey: publicKeyOf(new Secret("authority-seed", random(32))),
    };
    expect(codeOf(() => openKeyring(sealedKeyring, accountKey, foreign))).toBe("cannot-open");
  });

  it("[P4C-26] a keyring with more or fewer wallets or generations than the state names does not open", () => {
    const one = keyring.wallets[0]!;
    const variants: readonly Keyring[] = [
      withWallet(keyring, "Savings", random),
      { ...keyring, wallets: [] },
      { ...keyring, wallets: [{ ...one, generations: [] }] },
      { ...keyring, wallets: [{ ...one, generations: [...one.generations, ...one.generations] }] },
      { ...keyring, wallets: [one, one] },
    ];
    const open = (variant: Keyring) => {
      const text = sealed(variant);
      return openKeyring(text, accountKey, naming(text));
    };
    expect(codesOf(variants, open)).toEqual(["cannot-open"]);
    expect(codeOf(() => open(keyring))).toBe("none");
  });

  it("[P4C-25] [P4C-27] a wallet whose id is not that of its name is refused", () => {
    const grown = withWallet(keyring, "Savings", random);
    const renamed = {
      ...grown,
      wallets: grown.wallets.map((wallet) => ({ ...wallet, name: `${wallet.name}!` })),
    };
    expect(codeOf(() => parseKeyring(parseCanonicalBytes(encodeKeyring(renamed), 10_000)))).toBe(
      "malformed",
    );
  });

  it("[P4C-27] a wallet's id is the HMAC of its name under the name key, and default for the main wallet", () => {
    const nameKey = new Secret("name-key", new Uint8Array(32).fill(8));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), (typed) => {
        fc.pre(codeOf(() => parseWalletName(typed)) === "none");
        const name = parseWalletName(typed);
        fc.pre(name !== "default");
        const expected = createHmac("sha256", nameKey.expose())
          .update(name, "utf8")
          .digest("base64url");
        expect(walletIdOf(nameKey, name)).toBe(expected);
      }),
      { numRuns: 30 },
    );
    expect(walletIdOf(nameKey, "default")).toBe("default");
    expect(parseWalletName(" Cafe\u0301 ")).toBe("Caf\u00e9");
    expect(codesOf(["", "  ", "a\u0000b", "x".repeat(65), "\ud800"], parseWalletName)).toEqual([
      "malformed",
    ]);
  });

  it("[P4C-27] a wallet name is used once", () => {
    expect(codeOf(() => withWallet(keyring, "default", random))).toBe("invalid-argument");
    const env = { random, savedAt: sampleTime };
    const add = () => changeCredentials(sample.account, { addWallets: ["A", " A "] }, env);
    expect(codeOf(add)).toBe("invalid-argument");
  });

  it("[P4C-28] [P4C-37] a rotation appends generations and keeps the old ones", () => {
    const before = createKeyring(random);
    const after = rotated(before, new Set([anyWallet]), random);
    expect(secretOf(after, anyWallet, 1)).toBe(secretOf(before, anyWallet, 1));
    expect(encodeBase64url(secretOf(after, anyWallet, 2).expose())).not.toBe(
      encodeBase64url(secretOf(before, anyWallet, 1).expose()),
    );
    expect(codesOf([0, 3, -1], (generation) => secretOf(after, anyWallet, generation))).toEqual([
      "invalid-argument",
    ]);
  });
});
