import type { Random } from "../random/random.ts";
import type { HostAnswer, StoredWallet } from "./wire.ts";

const bodies: readonly unknown[] = [
  null,
  "",
  "<html>Please log in to the hotel's network</html>",
  [],
  {},
  { error: 7 },
  { encryptedWallet: 5, sequence: "1", hmac: null },
  { encryptedWallet: "", sequence: 1, hmac: "" },
  { encryptedWallet: "AAAA", sequence: -1, hmac: "00" },
  { encryptedWallet: "AAAA", sequence: 1.5, hmac: "00" },
  { encryptedWallet: "AAAA", sequence: 2 ** 40, hmac: "00" },
  { __proto__: null, token: { toString: null } },
];

/** An answer that is no answer. */
export function garbage(random: Random): HostAnswer {
  return {
    status: random.pick([200, 200, 204, 302, 400, 418, 500, 502]),
    body: random.pick(bodies),
  };
}

/** A wallet with something changed that the HMAC covers, or with the HMAC changed. */
export function tampered(random: Random, wallet: StoredWallet): StoredWallet {
  switch (random.below(5)) {
    case 0:
      return { ...wallet, encryptedWallet: flipped(random, wallet.encryptedWallet) };
    case 1:
      return { ...wallet, hmac: flipped(random, wallet.hmac) };
    case 2:
      return { ...wallet, sequence: wallet.sequence + random.pick([1, 2, 3, 1_000_000]) };
    case 3:
      return { ...wallet, sequence: Math.max(1, wallet.sequence - random.between(1, 3)) };
    default:
      return { ...wallet, encryptedWallet: "AAAA", sequence: wallet.sequence + 1 };
  }
}

/** A chain of headers with one left out, changed, doubled or put in another's place; or no chain at all. */
export function brokenChain(random: Random, headers: readonly unknown[]): readonly unknown[] {
  if (headers.length === 0) return [{ sequence: 1, parent: "", epoch: 1, bodyHash: "" }];
  const at = random.below(headers.length);
  const header = headers[at] as object;
  switch (random.below(5)) {
    case 0:
      return [];
    case 1:
      return headers.toSpliced(at, 1);
    case 2:
      return headers.with(at, { ...header, bodyHash: "another" });
    case 3:
      return headers.toSpliced(at, 0, header);
    default:
      return headers.toReversed();
  }
}

function flipped(random: Random, text: string): string {
  const at = random.below(text.length);
  const other = text[at] === "A" ? "B" : "A";
  return text.slice(0, at) + other + text.slice(at + 1);
}
