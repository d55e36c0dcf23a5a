/**
 * What a device keeps of one wallet's history (P4K-50): the newest headers, their generations' certificates and the newest
 * ciphertext, so that it can bring a host that came back from a backup up to date. Only what was verified enters it; where it
 * is lost, only healing suffers.
 */
import { hashText, parseHeader, type Signed } from "@holdfast/crypto";
import { z } from "zod";
import { extendKept, type HeaderNames } from "../../engine/index.ts";

const version = 1;
const signed = z.strictObject({ body: z.string(), signature: z.string() });
const schema = z.strictObject({
  version: z.literal(version),
  /** sequence of the first of `headers` */
  first: z.int().min(1),
  headers: z.array(signed),
  /** the ciphertext of the last of `headers`, base64url */
  encryptedWallet: z.string(),
  certificates: z.array(z.strictObject({ generation: z.int().min(1), certificate: signed })),
});

export type WalletHistory = {
  readonly first: number;
  readonly headers: readonly Signed[];
  readonly encryptedWallet: string;
  readonly certificates: readonly { readonly generation: number; readonly certificate: Signed }[];
};

const noHistory: WalletHistory = {
  first: 1,
  headers: [],
  encryptedWallet: "",
  certificates: [],
};

export function formatHistory(history: WalletHistory): string {
  return JSON.stringify({ version, ...history });
}

/** Damaged text counts as nothing remembered. */
export function parseHistory(text: string | null): WalletHistory {
  if (text === null) return noHistory;
  try {
    const { version: _, ...history } = schema.parse(JSON.parse(text));
    return history;
  } catch {
    return noHistory;
  }
}

export const headerNames: HeaderNames<Signed> = {
  hashOf: ({ body }) => hashText(body),
  parentOf: ({ body }) => parseHeader(body).parent ?? "",
};

/** The history with `headers` at its end, the first of which has this sequence; what they do not follow is dropped. */
export function extendHistory(
  history: WalletHistory,
  first: number,
  headers: readonly Signed[],
  encryptedWallet: string,
): WalletHistory {
  if (headers.length === 0) return history;
  return { ...history, ...extendKept(history, headerNames, first, headers), encryptedWallet };
}

export function withCertificate(
  history: WalletHistory,
  generation: number,
  certificate: Signed,
): WalletHistory {
  const others = history.certificates.filter((one) => one.generation !== generation);
  return { ...history, certificates: [...others, { generation, certificate }] };
}
