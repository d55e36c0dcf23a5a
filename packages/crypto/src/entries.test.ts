import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as clientEntry from "./index.ts";
import { loadOpaqueClient } from "./opaque/opaque-client.ts";
import * as serverEntry from "./verify.ts";

const source = fileURLToPath(new URL(".", import.meta.url));

/** Everything that a file imports at run time, and what that imports: paths in this package, and package names. */
function reachable(entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (file: string) => {
    const name = relative(source, file);
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(file, "utf8");
    const named = text.matchAll(/^(?:import|export) (?!type )[^;]*?\bfrom "([^"]+)";/gms);
    const whenNeeded = text.matchAll(/\bawait import\("([^"]+)"\)/g);
    for (const [, specifier = ""] of [...named, ...whenNeeded]) {
      if (specifier.startsWith(".")) visit(resolve(dirname(file), specifier));
      else seen.add(specifier);
    }
  };
  visit(resolve(source, entry));
  return seen;
}

describe("the two entries", () => {
  const fromVerify = reachable("verify.ts");
  const fromIndex = reachable("index.ts");

  it("[P4C-80] nothing that a host imports can open a sealed thing, make a signature or speak for a client", () => {
    const secretParts = [
      "@noble/ciphers/chacha.js",
      "@scure/bip39",
      "hpke",
      "pako",
      "sealed/sealed-box.ts",
      "keyring/keyring.ts",
      "keyring/seal-keyring.ts",
      "slot/seal-slot.ts",
      "slot/slot-key.ts",
      "signature/signing-key.ts",
      "opaque/opaque-client.ts",
      "revision/seal-revision.ts",
      "revision/content.ts",
      "account/unlocked-account.ts",
    ];
    expect(secretParts.filter((part) => fromVerify.has(part))).toEqual([]);
    expect(secretParts.filter((part) => !fromIndex.has(part))).toEqual([]);
  });

  it("[P4C-80] the walk over the imports sees the modules that are there", () => {
    for (const name of fromIndex) {
      expect(!name.endsWith(".ts") || existsSync(resolve(source, name))).toBe(true);
    }
    expect(fromVerify.has("state/verify-states.ts")).toBe(true);
    expect(fromVerify.has("@serenity-kit/opaque")).toBe(true);
    expect(fromIndex.size).toBeGreaterThan(fromVerify.size);
  });

  it("[P4C-70] no entry gives a client with another key stretching", () => {
    const names = [...Object.keys(clientEntry), ...Object.keys(serverEntry)];
    expect(names.filter((name) => /opaqueclient|stretching/iu.test(name))).toEqual([
      "loadOpaqueClient",
    ]);
    expect(loadOpaqueClient).toHaveLength(0);
  });

  it("[P4C-80] a client gets everything that a host gets", () => {
    const names = Object.keys(clientEntry);
    expect(Object.keys(serverEntry).filter((name) => !names.includes(name))).toEqual([]);
  });

  it("[P4C-11] no module of this package knows a platform: no global randomness, clock, Buffer or Node", () => {
    const used = [...fromIndex].filter((name) => name.endsWith(".ts"));
    const platform =
      /\b(?:globalThis|Buffer|process|Date\.now|new Date|Math\.random|crypto\.(?!ts)|TextEncoder|TextDecoder|setTimeout|fetch\()/;
    const withPlatform = used.filter((name) => {
      const code = readFileSync(resolve(source, name), "utf8").replace(
        /\/\*[\s\S]*?\*\/|\/\/.*$/gm,
        "",
      );
      return platform.test(code) || /from "node:/.test(code);
    });
    expect(withPlatform).toEqual([]);
  });
});
