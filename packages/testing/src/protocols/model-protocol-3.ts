/** Protocol 3: keys come from the password alone, and a revision can name its line only inside its content (SYNC-11). */
import type { Line } from "@holdfast/client/engine";
import { openWallet, sealWallet } from "../crypto/model-keys.ts";
import { walletOf } from "../host/model-transport.ts";
import { newestOf } from "./model-protocol.ts";
import type { ModelProtocol } from "./model-protocol.ts";

/** `hasLines` false: as clients of other makers, which name no line. */
export function modelProtocol3(hasLines: boolean): ModelProtocol {
  return {
    number: 3,
    unlock: ({ keyId, login, sealKey, hmacKey }) => ({
      keyId,
      login,
      ring: [{ epoch: 0, secret: "", startsAfter: "", sealKey, hmacKey }],
    }),
    seal: (keys, { sequence, line }, text, nonce) => {
      const names = line.map((one) => `${String(one.sequence)}.${one.hash}`).join(" ");
      const inside = `${hasLines ? names : ""}\n${text}`;
      return sealWallet(newestOf(keys), { sequence }, inside, nonce);
    },
    open: (keys, { revision }) => {
      const inside = openWallet(newestOf(keys), walletOf(revision));
      if (inside === null) return { type: "rejected", problem: "not-authentic" };
      const end = inside.indexOf("\n");
      const line = lineOf(inside.slice(0, end));
      const text = inside.slice(end + 1);
      return { type: "text", text, line, epoch: 0, upgradedFrom: null };
    },
  };
}

function lineOf(names: string): Line {
  if (names === "") return [];
  return names.split(" ").map((name) => ({
    sequence: Number.parseInt(name, 10),
    hash: name.slice(name.indexOf(".") + 1),
  }));
}
