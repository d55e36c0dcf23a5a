/**
 * A profile of protocol 4 (P4K-10): beside this text lies the account's record, and for each wallet its state and its history. While the
 * account is open without a passcode, whoever reads the folder can open the account.
 */
import { z } from "zod";
import { readVersionedJson, type Damaged } from "../versioned-json.ts";

const schema = z.strictObject({
  version: z.literal(1),
  protocol: z.literal(4),
  /** the wallet that commands are about */
  walletId: z.string().regex(/^[\w-]{1,64}$/),
  /** null: the wallet lies in the profile */
  walletPath: z.string().nullable(),
});

export type Profile4 = Readonly<z.output<typeof schema>>;

export const mainWallet = "default";

export function newProfile4(walletPath: string | null): Profile4 {
  return { version: 1, protocol: 4, walletId: mainWallet, walletPath };
}

export function formatProfile4(profile: Profile4): string {
  return `${JSON.stringify(profile, undefined, 2)}\n`;
}

/** `null`: it is no profile of protocol 4. */
export function parseProfile4(
  text: string,
): { readonly type: "profile"; readonly profile: Profile4 } | Damaged | null {
  const protocol = z.object({ protocol: z.literal(4) });
  if (readVersionedJson(text, { version: Infinity, schema: protocol, what: "" }).type !== "read")
    return null;
  const read = readVersionedJson(text, { version: 1, schema, what: "no profile" });
  return read.type === "read" ? { type: "profile", profile: read.value } : read;
}
