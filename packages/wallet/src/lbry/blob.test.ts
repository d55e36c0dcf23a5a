import { scryptSync } from "node:crypto";
import { hexToBytes } from "@noble/hashes/utils.js";
import { cbc } from "@noble/ciphers/aes.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { readVectors, rejectedCode, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { deflate } from "pako";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { packText, unpackBlob } from "./blob.ts";
import { passwordBytes } from "./password.ts";
import { nobleScrypt, type Scrypt } from "./scrypt.ts";
import type { WalletErrorCode } from "./wallet-error.ts";

interface UnpackCase {
  readonly name: string;
  readonly data: string;
  readonly password: string;
  readonly result_json?: string;
  readonly error?: { readonly class: string; readonly message: string };
}

interface PackCase {
  readonly name: string;
  readonly password: string;
  readonly iv_hex: string;
  readonly packed_json: string;
  readonly packed: string;
  readonly key_hex: string;
}

interface KdfCase {
  readonly name: string;
  readonly password: string;
  readonly salt_hex: string;
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly key_hex: string;
}

/** What each of the SDK's exceptions is here. */
const codes: readonly (readonly [error: string, code: WalletErrorCode])[] = [
  ["InvalidPasswordError: Password is invalid.", "invalid-password"],
  ["JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "malformed-json"],
  ["ValueError: n must be greater than 1 and be a power of 2.", "unsupported-kdf"],
];

function expectedCode(error: UnpackCase["error"]): WalletErrorCode {
  const text = `${error?.class}: ${error?.message}`;
  return codes.find(([known]) => known === text)?.[1] ?? "malformed-blob";
}

const iv = Uint8Array.from({ length: 16 }, (_, index) => index);
const fixedKey = new Uint8Array(32).fill(7);
/** Node's own: the keys that `nobleScrypt` gives, as the vectors show, in a fifth of the time. */
const nodeScrypt: Scrypt = (password, salt, { dkLen, ...params }) =>
  Promise.resolve(scryptSync(password, salt, dkLen, { ...params, maxmem: 2 ** 30 }));
/** Stands in where only the rest of the blob matters: real scrypt takes 60 ms. */
const instantScrypt: Scrypt = () => Promise.resolve(fixedKey);

describe("vectors", () => {
  const packs = readVectors<PackCase>("wallet_pack", "pack");
  const unpacks = readVectors<UnpackCase>("wallet_pack", "unpack");
  const kdfs = readVectors<KdfCase>("wallet_pack", "kdf");

  it("has every case of wallet_pack but the one that never gets to a blob", () => {
    expect([packs.length, unpacks.length, kdfs.length]).toStrictEqual([17, 43, 4]);
    expect(readVectors("wallet_pack")).toHaveLength(17 + 43 + 4 + 1);
  });

  it.each(unpacks)("[LBRY-6] unpack gives what the SDK gives: $name", async (one) => {
    const work = unpackBlob(one.data, one.password, { scrypt: nodeScrypt }).then((text) =>
      formatJson(parseJson(text)),
    );
    const code = await rejectedCode(work);
    expect(code === "no error" ? await work : code).toBe(
      one.result_json ?? expectedCode(one.error),
    );
  });

  it.each(packs)("[LBRY-6] the SDK's blob holds its text: $name", async (one) => {
    const text = await unpackBlob(one.packed, one.password, { scrypt: nodeScrypt });
    expect(text).toBe(one.packed_json);
  });

  it.each(packs)("[LBRY-6] our blob has the SDK's key, header and content: $name", async (one) => {
    const iv = hexToBytes(one.iv_hex);
    let key = new Uint8Array();
    const blob = await packText(one.packed_json, one.password, {
      iv,
      scrypt: async (...args) => (key = Uint8Array.from(await nobleScrypt(...args))),
    });
    expect(key).toStrictEqual(hexToBytes(one.key_hex));
    const clearLength = "s:8192:16:1:".length + iv.length;
    expect(decodeBase64(blob).subarray(0, clearLength)).toStrictEqual(
      decodeBase64(one.packed).subarray(0, clearLength),
    );
    expect(blob).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(await unpackBlob(blob, one.password, { scrypt: nodeScrypt })).toBe(one.packed_json);
  });

  it.each(kdfs)("[LBRY-6] the key is scrypt's: $name", async ({ password, n, r, p, ...one }) => {
    const params = { N: n, r, p, dkLen: 32 };
    const key = await nobleScrypt(passwordBytes(password), hexToBytes(one.salt_hex), params);
    expect(key).toStrictEqual(hexToBytes(one.key_hex));
  });
});

describe("headers", () => {
  const blobWith = (header: string) => {
    const encrypted = cbc(fixedKey, iv).encrypt(deflate(utf8ToBytes("{}")));
    return encodeBase64(concatBytes(utf8ToBytes(header), iv, encrypted));
  };

  it.each(["s:2:1:1:", "s:1048576:8:1:", "s:8192:32:1:", "s:8192:1:32:", "s:65536:4:8:"])(
    "[LBRY-7] %s is accepted",
    async (header) => {
      expect(await unpackBlob(blobWith(header), "", { scrypt: instantScrypt })).toBe("{}");
    },
  );

  it.each([
    ["s:0:16:1:", "unsupported-kdf"],
    ["s:1:16:1:", "unsupported-kdf"],
    ["s:8191:16:1:", "unsupported-kdf"],
    ["s:2097152:8:1:", "unsupported-kdf"],
    ["s:8192:33:1:", "unsupported-kdf"],
    ["s:8192:1:33:", "unsupported-kdf"],
    ["s:8192:8:5:", "unsupported-kdf"],
    ["s:8192:0:1:", "unsupported-kdf"],
    ["s:8192:16:0:", "unsupported-kdf"],
    ["s:1048576:16:1:", "unsupported-kdf"],
    ["s:1048576:1:32:", "unsupported-kdf"],
    ["s:18446744073709551616:8:1:", "unsupported-kdf"],
    [`s:${"9".repeat(1000)}:8:1:`, "malformed-blob"],
    ["s:-8192:16:1:", "malformed-blob"],
    ["s:8192.0:16:1:", "malformed-blob"],
    ["s:1e4:16:1:", "malformed-blob"],
    ["s: 8192:16:1:", "malformed-blob"],
    ["s::16:1:", "malformed-blob"],
    ["s:8192:16", "malformed-blob"],
    [":::", "malformed-blob"],
  ])("[LBRY-7] %s is refused before any work is done", async (header, code) => {
    const scrypt: Scrypt = () => Promise.reject(new Error("worked"));
    expect(await rejectedCode(unpackBlob(blobWith(header), "", { scrypt }))).toBe(code);
  });
});

describe("content", () => {
  const pack = (content: Uint8Array) =>
    encodeBase64(concatBytes(utf8ToBytes("s:8192:16:1:"), iv, cbc(fixedKey, iv).encrypt(content)));
  const unpack = (content: Uint8Array, maxBytes?: number) =>
    unpackBlob(pack(content), "", {
      scrypt: instantScrypt,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });

  it("[LBRY-9] a bomb stops at the limit, long before it has unfolded", async () => {
    const bomb = deflate(new Uint8Array(64 * 1024 * 1024).fill(0x20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await rejectedCode(unpack(bomb))).toBe("too-large");
  });

  it("[LBRY-9] the limit itself is allowed, one byte more is not", async () => {
    const text = `"${"a".repeat(98)}"`;
    expect(await unpack(deflate(utf8ToBytes(text)), 100)).toBe(text);
    expect(await rejectedCode(unpack(deflate(utf8ToBytes(text)), 99))).toBe("too-large");
  });

  it("[LBRY-9] a gzip stream is no zlib stream", async () => {
    expect(await rejectedCode(unpack(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0)))).toBe(
      "invalid-password",
    );
  });

  it("[LBRY-9] one or no byte is a stream cut short", async () => {
    expect(await rejectedCode(unpack(Uint8Array.of()))).toBe("malformed-blob");
    expect(await rejectedCode(unpack(Uint8Array.of(0x78)))).toBe("malformed-blob");
  });

  it("[LBRY-9] a blob of more characters than its limit could need is not decoded", async () => {
    expect(await rejectedCode(unpackBlob("A".repeat(40_000_000), ""))).toBe("too-large");
  });

  it("[LBRY-10] 10 MB of nesting inside a small blob is a typed error", async () => {
    expect(await rejectedCode(unpack(deflate(new Uint8Array(10_000_000).fill(0x5b))))).toBe(
      "too-deep",
    );
  });

  it.each([
    ["UTF-8", [0x22, 0xc3, 0xa9, 0xe6, 0x97, 0xa5, 0xf0, 0x9f, 0x97, 0xbc, 0x22], '"é日\u{1f5fc}"'],
    ["UTF-8 with an encoded surrogate", [0x22, 0xed, 0xa0, 0xbd, 0x22], '"\ud83d"'],
    ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0x31], "1"],
    ["UTF-16 LE", [0x22, 0, 0xfc, 0xd8, 0x22, 0], '"\ud8fc"'],
    ["UTF-16 BE", [0, 0x22, 0, 0x22], '""'],
    ["UTF-16 of one character", [0, 0x31], "1"],
    ["UTF-16 with a mark", [0xff, 0xfe, 0x31, 0], "1"],
    ["UTF-16 BE with a mark", [0xfe, 0xff, 0, 0x31], "1"],
    ["UTF-32 LE", [0x31, 0, 0, 0], "1"],
    ["UTF-32 BE", [0, 0, 0, 0x31], "1"],
    ["UTF-32 LE with a mark", [0xff, 0xfe, 0, 0, 0x31, 0, 0, 0], "1"],
    ["UTF-32 BE with a mark", [0, 0, 0xfe, 0xff, 0, 0, 0, 0x31], "1"],
  ])("[LBRY-10] %s is read", async (_name, bytes, text) => {
    expect(await unpack(deflate(Uint8Array.from(bytes)))).toBe(text);
  });

  it.each([
    ["a lone continuation byte", [0x22, 0x80, 0x22]],
    ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22]],
    ["an overlong three-byte form", [0x22, 0xe0, 0x80, 0xaf, 0x22]],
    ["a cut character", [0x22, 0xe6, 0x97]],
    ["a code point beyond Unicode", [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ["0xff", [0x31, 0x32, 0x33, 0xff]],
    ["half a UTF-16 unit", [0x31, 0, 0x32, 0, 0x33]],
    ["half a UTF-32 unit", [0x31, 0, 0, 0, 0x32]],
    ["a UTF-32 unit beyond Unicode", [0x31, 0, 0, 0, 0, 0, 0x11, 0]],
  ])("[LBRY-10] %s is not text", async (_name, bytes) => {
    expect(await rejectedCode(unpack(deflate(Uint8Array.from(bytes))))).toBe("malformed-json");
  });
});

describe("base64", () => {
  it("[LBRY-8] what is encoded is decoded, whatever stands between", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.nat()), (bytes, places) => {
        let text = encodeBase64(bytes);
        for (const place of places) {
          const at = place % (text.indexOf("=") + 1 || text.length + 1);
          text = `${text.slice(0, at)}\n-é${text.slice(at)}`;
        }
        expect(decodeBase64(text)).toStrictEqual(bytes);
      }),
    );
  });

  it.each([
    ["", []],
    ["=", []],
    ["====", []],
    ["YQ==", [0x61]],
    ["YQ==YQ==", [0x61]],
    ["Y=Q==", [0x61]],
    ["YWI=", [0x61, 0x62]],
    ["YW=I=", [0x61, 0x62]],
  ])("[LBRY-8] %j is decoded as Python decodes it", (text, bytes) => {
    expect(decodeBase64(text)).toStrictEqual(Uint8Array.from(bytes));
  });

  it.each(["Y", "YQ", "YQ=", "YWI", "YWJjY"])("[LBRY-8] %j is incomplete", (text) => {
    expect(thrownCode(() => decodeBase64(text))).toBe("malformed-blob");
  });
});

describe("packing", () => {
  it("[LBRY-6] any JSON text and any password come back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ noUnicodeString: false }), fc.string(), async (text, password) => {
        fc.pre(text.isWellFormed() && password.isWellFormed());
        const blob = await packText(text, password, { iv, scrypt: instantScrypt });
        expect(await unpackBlob(blob, password, { scrypt: instantScrypt })).toBe(text);
      }),
    );
  });

  it("[LBRY-6] half a character is refused in text and password", async () => {
    expect(await rejectedCode(packText('"\ud800"', "", { iv }))).toBe("malformed-json");
    expect(await rejectedCode(packText("{}", "\ud800", { iv }))).toBe("invalid-password");
  });

  it("[LBRY-11] a blob with any byte changed or cut off gives its text, other text or a typed error", async () => {
    const blob = decodeBase64(
      await packText('{"a": [1, 2.0, "x"]}', "", { iv, scrypt: instantScrypt }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(blob.length - 1),
        fc.nat(255),
        fc.boolean(),
        async (at, byte, cut) => {
          const damaged = cut ? blob.slice(0, at) : blob.with(at, byte);
          const work = unpackBlob(encodeBase64(damaged), "", { scrypt: instantScrypt });
          expect([
            "no error",
            "invalid-password",
            "malformed-blob",
            "malformed-json",
            "unsupported-kdf",
          ]).toContain(await rejectedCode(work));
        },
      ),
      { numRuns: 500 },
    );
  });
});
