import fc from "fast-check";
import { deflate } from "pako";
import { describe, expect, it } from "vitest";
import { canonicalBytes, encodeCanonical } from "../canonical/canonical-json.ts";
import { hashBytes, hashText } from "../hash/hash.ts";
import type { WalletId } from "../identifiers.ts";
import { secretOf } from "../keyring/keyring.ts";
import { pad } from "../padding/padme.ts";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { byteMutations, fieldMutations } from "../testing/mutations.ts";
import { mainWallet, sampleContent, sampleWallet } from "../testing/sample-wallet.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { generationKeys } from "../wallet/generation-keys.ts";
import { packContent, unpackContent } from "./content.ts";
import { headOf, parseHeader, trustStoredHeader } from "./header.ts";
import { openRevision, sealRevision } from "./seal-revision.ts";

const wallet = sampleWallet();
const random = seededBytes("revision");
const keysOf = (generation: number) =>
  generationKeys(secretOf(wallet.after.keyring, mainWallet, generation));
const [first, second] = wallet.revisions as unknown as [
  (typeof wallet.revisions)[number],
  (typeof wallet.revisions)[number],
];
const { walletKey } = keysOf(1);

describe("revisions", () => {
  it("[P4C-53] [P4C-54] every revision of a wallet opens with its generation's key, old generations too", () => {
    const texts = wallet.revisions.map(({ header, encryptedWallet }) => {
      const content = openRevision(header, encryptedWallet, keysOf(header.generation).walletKey);
      return (JSON.parse(content.document) as { text: string }).text;
    });
    expect(texts).toEqual(["one", "two", "three", "four", "five", "six"]);
  });

  it("[P4C-28] the keys of two generations, and the two keys of one, differ", () => {
    const secrets = [keysOf(1), keysOf(2)].flatMap((keys) => [keys.walletKey, keys.writerSeed]);
    const shown = secrets.map((secret) => Buffer.from(secret.expose()).toString("hex"));
    expect(new Set(shown).size).toBe(4);
    expect(keysOf(1).writerKey).not.toBe(keysOf(2).writerKey);
  });

  it("[P4C-52] content comes back as it was, whatever it holds", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 200 });
    const contents = fc.record(
      {
        format: text.map((one) => one.slice(0, 8)).filter((one) => one.isWellFormed()),
        document: text,
        conflicts: text,
        retired: text,
        upgradedFrom: fc.record({ sequence: fc.integer({ min: 1 }), hash: fc.constant("abc") }),
      },
      { requiredKeys: ["format", "document", "conflicts", "retired"] },
    );
    fc.assert(
      fc.property(contents, (content) => {
        expect(unpackContent(packContent(content), 100_000)).toEqual(content);
      }),
      { numRuns: 50 },
    );
  });

  it("[P4C-9] [P4C-54] every changed byte of the ciphertext gives the one opaque error", () => {
    const open = (bytes: Uint8Array) => openRevision(second.header, bytes, walletKey);
    expect(codesOf(byteMutations(second.encryptedWallet), open)).toEqual(["cannot-open"]);
  });

  it("[P4C-53] a changed field of the header gives the one opaque error, even with a fitting hash", () => {
    const texts = fieldMutations(second.header.signed.body).filter(
      (body) => codeOf(() => parseHeader(body)) === "none",
    );
    expect(texts.length).toBeGreaterThan(6);
    const open = (body: string) => {
      const header = trustStoredHeader({ ...second.header.signed, body });
      const { encryptedWalletHash } = second.header;
      return openRevision({ ...header, encryptedWalletHash }, second.encryptedWallet, walletKey);
    };
    expect(
      codesOf(
        texts.filter((body) => !sameButHash(body)),
        open,
      ),
    ).toEqual(["cannot-open"]);
  });

  it("[P4C-53] [P4C-54] a ciphertext does not open under another revision's header, wallet, account or generation", () => {
    const foreign = { ...second.header, encryptedWalletHash: hashBytes(first.encryptedWallet) };
    const cases = [
      () => openRevision(second.header, first.encryptedWallet, walletKey),
      () =>
        openRevision(
          { ...second.header, encryptedWalletHash: hashText("another") },
          second.encryptedWallet,
          walletKey,
        ),
      () => openRevision(foreign, first.encryptedWallet, walletKey),
      () => openRevision(second.header, second.encryptedWallet, keysOf(2).walletKey),
      () =>
        openRevision(
          { ...second.header, walletId: hashText("x") as string as WalletId },
          second.encryptedWallet,
          walletKey,
        ),
      () =>
        openRevision(
          { ...second.header, identity: hashText("x") },
          second.encryptedWallet,
          walletKey,
        ),
    ];
    expect(codesOf(cases, (open) => open())).toEqual(["cannot-open"]);
  });

  it("[P4C-55] what unfolds to more than the cap is refused, however small it is sealed", () => {
    const bomb = pad(deflate(new Uint8Array(20_000_000)));
    expect(bomb.length).toBeLessThan(100_000);
    // The inflater's own refusal, not that of a reader who was handed 20 MB.
    expect(() => unpackContent(bomb, 1_000_000)).toThrow(/revision content: it is too long/);
    const large = sampleContent("x".repeat(10_000));
    const revision = sealRevision({ ...base(), content: large }, random);
    const open = (maxBytes: number) =>
      openRevision(revision.header, revision.encryptedWallet, walletKey, maxBytes);
    expect(codeOf(() => open(10_000))).toBe("cannot-open");
    expect(open(20_000)).toEqual(large);
  });

  it("[P4C-52] plaintext that is not zlib, not canonical or not a revision's content is refused", () => {
    const content = sampleContent("a");
    const plaintexts = [
      new Uint8Array(0),
      pad(new Uint8Array(0)),
      pad(canonicalBytes(content)),
      pad(deflate(canonicalBytes(content)).subarray(0, -1)),
      pad(deflate(canonicalBytes(content), { gzip: true })),
      pad(deflate(canonicalBytes(content), { raw: true })),
      pad(deflate(Buffer.from(JSON.stringify(content, null, 1)))),
      pad(deflate(canonicalBytes({ ...content, more: 1 }))),
      pad(deflate(canonicalBytes({ format: "json" }))),
      deflate(canonicalBytes(content)),
    ];
    expect(codesOf(plaintexts, (bytes) => unpackContent(bytes, 100_000))).toEqual(["malformed"]);
  });

  it("[P4C-51] a header has one form: the first has no parent, every other has one", () => {
    const body = second.header.signed.body;
    const fields = JSON.parse(body) as Record<string, string | number>;
    const { parent: _, ...orphan } = fields;
    const bodies = [
      encodeCanonical(orphan),
      encodeCanonical({ ...fields, sequence: 1 }),
      encodeCanonical({ ...fields, sequence: 0 }),
      encodeCanonical({ ...fields, v: 3 }),
      encodeCanonical({ ...fields, deviceId: "a b" }),
      encodeCanonical({ ...fields, savedAt: -1 }),
      `${body} `,
    ];
    expect(codesOf(bodies, parseHeader)).toEqual(["malformed"]);
    expect(parseHeader(body)).toEqual(fields);
    expect(headOf(second.header).hash).toBe(hashText(body));
  });
});

function base() {
  return {
    identity: wallet.before.state.account.identity,
    walletId: mainWallet,
    generation: 1,
    epoch: 1,
    deviceId: "device-1",
    savedAt: 1,
    content: sampleContent("a"),
    keys: keysOf(1),
  };
}

/** Whether only the ciphertext's hash was changed, which the associated data does not hold. */
function sameButHash(body: string): boolean {
  const withoutHash = (text: string) => text.replace(/"encryptedWalletHash":"[^"]*"/, "");
  return withoutHash(body) === withoutHash(second.header.signed.body);
}
