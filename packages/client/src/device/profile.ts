/**
 * The account of a device (P3C-14, P3C-15), and its durable form: one versioned JSON text. It holds the person's password, the keys made
 * from it, and the token: whoever reads it can open the wallet.
 */
import { z } from "zod";
import type { DerivedSecrets } from "../protocol-3/derive.ts";
import { Secret } from "../secret.ts";
import { readVersionedJson, type Damaged } from "../versioned-json.ts";

const profileVersion = 2;

const secret = z.string().transform((text) => new Secret(text));
const hexKey = z
  .string()
  .regex(/^([0-9a-f]{2})+$/)
  .transform((text) => new Secret(text));
const saltSeed = z.string().regex(/^[0-9A-Fa-f]{64}$/);

const derivedSecrets = z.strictObject({
  loginPassword: secret,
  hmacKey: hexKey,
  olderHmacKey: hexKey,
  walletPassword: secret,
});

const profileSchema = z.strictObject({
  version: z.literal(profileVersion),
  server: z.string(),
  allowPlainHttp: z.boolean(),
  email: z.string(),
  deviceId: z.string().min(1),
  saltSeed,
  /** `pending`: sign-up was sent and its answer not yet seen */
  registration: z.enum(["pending", "done"]),
  /** null after `logout` */
  secrets: derivedSecrets.nullable(),
  /** the disk encryption of the wallet file may still use the password before this one */
  previousWalletPassword: secret.nullable(),
  session: z.strictObject({ token: secret, expiration: z.string().nullable() }).nullable(),
  /** why the host last let this device go no further; gone with the next token, or anything it then answers */
  refusal: z.enum(["session-ended", "upgraded"]).optional(),
  /** null: the wallet lies in the profile */
  walletPath: z.string().nullable(),
  /** a password change whose fate is not known yet; the wallet that goes with it is in flight */
  passwordChange: z
    .strictObject({
      saltSeed,
      secrets: derivedSecrets,
      /** of the wallet it carries; 1 where it carries none, because an account with a wallet refuses that */
      sequence: z.int().min(1),
    })
    .nullable(),
});

export type Profile = Readonly<z.output<typeof profileSchema>>;
export type PendingPasswordChange = NonNullable<Profile["passwordChange"]>;

export type ParseProfileOutcome = { readonly type: "profile"; readonly profile: Profile } | Damaged;

/** Reads a profile's text. */
export function parseProfile(text: string): ParseProfileOutcome {
  const read = readVersionedJson(text, {
    version: profileVersion,
    schema: profileSchema,
    what: "no profile",
  });
  return read.type === "read" ? { type: "profile", profile: read.value } : read;
}

/** The durable form: the one place that writes secrets out. */
export function formatProfile(profile: Profile): string {
  return `${JSON.stringify(revealed(profile), undefined, 2)}\n`;
}

function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

export type NewProfile = Pick<
  Profile,
  "server" | "allowPlainHttp" | "email" | "deviceId" | "saltSeed" | "walletPath" | "registration"
> & { readonly secrets: DerivedSecrets };

/** The profile of a device that has synced nothing yet. */
export function createProfile(account: NewProfile): Profile {
  return {
    version: profileVersion,
    previousWalletPassword: null,
    session: null,
    passwordChange: null,
    ...account,
  };
}
