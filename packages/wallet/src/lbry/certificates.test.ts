import { bytesToHex } from "@noble/hashes/utils.js";
import { thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../json/value.ts";
import { loadAccount } from "./account.ts";
import { encodeBase64 } from "./base64.ts";
import { rekeyCertificates } from "./certificates.ts";
import { channelKeyId, parseChannelKey } from "./channel-key-pem.ts";
import { mainnet, regtest } from "./keys/index.ts";

const pem = (label: string, body: string) =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

// Written by the SDK for keys made for this purpose; the second key begins with two zero bytes.
const keys = [
  {
    privateKey: "de4ac733b3161ed2168f3e54ab08934cebfb767be57bc6fbce5996c91689ff70",
    mainnetId: "bR68gfUFe58aqJxsoPZtdDLG4G32WMAj2A",
    regtestId: "msspHVDk6mBN6ab8SJEBEUQiRNjZ5jQ4ms",
    pkcs8: pem(
      "PRIVATE KEY",
      "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQg3krHM7MWHtIWjz5UqwiT\nTOv7dnvle8b7zlmWyRaJ/3ChRANCAAQqgSPAB1IAOkeDF75CVcK2LBDaKFATeNDO\n+0S1n1BHnl1S+rKk7BXrkRbOB2QIDHaodvI6DEYaO7zPJ3qt830Y",
    ),
    sec1: pem(
      "EC PRIVATE KEY",
      "MHQCAQEEIN5KxzOzFh7SFo8+VKsIk0zr+3Z75XvG+85ZlskWif9woAcGBSuBBAAK\noUQDQgAEKoEjwAdSADpHgxe+QlXCtiwQ2ihQE3jQzvtEtZ9QR55dUvqypOwV65EW\nzgdkCAx2qHbyOgxGGju8zyd6rfN9GA==",
    ),
  },
  {
    privateKey: "0000ffde4ac733b3161ed2168f3e54ab08934cebfb767be57bc6fbce5996c916",
    mainnetId: "bXvmGNf6GydvC25uuwuxY91e6KVr2zFUmu",
    regtestId: "mziSsCQajfghTHiAYraF9Q66TSCNTntdyd",
    pkcs8: pem(
      "PRIVATE KEY",
      "MIGCAgEAMBAGByqGSM49AgEGBSuBBAAKBGswaQIBAQQe/95KxzOzFh7SFo8+VKsI\nk0zr+3Z75XvG+85ZlskWoUQDQgAEY5raX7VhOCdsmBxRrxO41PDPnyUP7qQhUwv4\ngJWzTcS4UXL1JwfbaXjs23HBxh0PqRf0ku6czdh1jPS9JAiQ4A==",
    ),
    sec1: pem(
      "EC PRIVATE KEY",
      "MHQCAQEEIAAA/95KxzOzFh7SFo8+VKsIk0zr+3Z75XvG+85ZlskWoAcGBSuBBAAK\noUQDQgAEY5raX7VhOCdsmBxRrxO41PDPnyUP7qQhUwv4gJWzTcS4UXL1JwfbaXjs\n23HBxh0PqRf0ku6czdh1jPS9JAiQ4A==",
    ),
  },
];
const [first, second] = keys;

describe("channel keys", () => {
  it.each(keys)("[LBRY-29] PKCS#8 and SEC1 give the same key and id: $mainnetId", (key) => {
    for (const text of [key.pkcs8, key.sec1]) {
      expect(bytesToHex(parseChannelKey(text))).toBe(key.privateKey);
      expect(channelKeyId(text, mainnet)).toBe(key.mainnetId);
      expect(channelKeyId(text, regtest)).toBe(key.regtestId);
    }
  });

  it.each([
    ["nothing", ""],
    ["no PEM", "hello"],
    ["no body", pem("PRIVATE KEY", "")],
    ["junk", pem("PRIVATE KEY", "AAAA")],
    ["half a base64", pem("PRIVATE KEY", "A")],
    ["two labels", (first?.sec1 ?? "").replace("END EC", "END")],
    ["the key zero", pem("EC PRIVATE KEY", encodeBase64(Uint8Array.of(0x30, 6, 2, 1, 1, 4, 1, 0)))],
    [
      "too long a key",
      pem(
        "EC PRIVATE KEY",
        encodeBase64(Uint8Array.of(0x30, 38, 2, 1, 1, 4, 33, ...new Uint8Array(33).fill(1))),
      ),
    ],
    [
      "a length beyond the end",
      pem("EC PRIVATE KEY", encodeBase64(Uint8Array.of(0x30, 0x82, 0xff, 0xff, 2, 1, 1))),
    ],
    [
      "a length of many bytes",
      pem("EC PRIVATE KEY", encodeBase64(Uint8Array.of(0x30, 0x84, 0, 0, 0, 1, 2))),
    ],
  ])("[LBRY-29] %s is no channel key", (_what, text) => {
    expect(thrownCode(() => channelKeyId(text, mainnet))).toBe("malformed-key");
  });

  it("[LBRY-29] a damaged channel key is some key or a typed error", () => {
    const text = first?.pkcs8 ?? "";
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 3 }), fc.nat(5), (at, junk, cut) => {
        const damaged = text.slice(0, at) + junk + text.slice(at + cut);
        expect(["no error", "malformed-key"]).toContain(
          thrownCode(() => channelKeyId(damaged, mainnet)),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe("tidying", () => {
  const account = (certificates: readonly (readonly [string, JsonValue])[]) =>
    loadAccount(
      new Map<string, JsonValue>([
        ["ledger", "lbc_mainnet"],
        ["seed", "a b c"],
        ["certificates", new Map(certificates)],
      ]),
      0,
    );
  const [a, b] = [first?.sec1 ?? "", second?.pkcs8 ?? ""];

  it("[LBRY-29] ids follow from the keys, and what is no PEM text is dropped", () => {
    const tidied = rekeyCertificates(
      account([
        ["x", a],
        ["y", "junk"],
        ["z", 5n],
        ["w", b],
      ]),
    );
    expect([...tidied.certificates]).toStrictEqual([
      [first?.mainnetId, a],
      [second?.mainnetId, b],
    ]);
  });

  it("[LBRY-29] tidy certificates stay as they are, in their order", () => {
    const tidy = account([
      [second?.mainnetId ?? "", b],
      [first?.mainnetId ?? "", a],
    ]);
    expect(rekeyCertificates(tidy)).toBe(tidy);
    expect(thrownCode(() => rekeyCertificates(account([["x", "-----BEGIN x"]])))).toBe(
      "malformed-key",
    );
  });
});
