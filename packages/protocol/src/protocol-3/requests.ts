/**
 * What a client may send (P3-4, P3-10 … P3-17), and how a body is judged. The order of the checks within one request is
 * the order in which their texts win, and it is part of the protocol.
 */
import { z } from "zod";
import { isEmailAddress } from "./email-address.ts";
import { limits3 } from "./limits.ts";

/** Marks a check whose failure means that the body could not be read, not that a value was refused. */
const UNREADABLE = { params: { unreadable: true } };

/** A missing field counts as its zero value, as does `null`; a text that is no Unicode cannot be kept unchanged. */
const text = z
  .string()
  .refine((value) => value.isWellFormed(), UNREADABLE)
  .nullish()
  .transform((value) => value ?? "");

const sequenceOrZero = z
  .int()
  .min(0)
  .max(limits3.sequence)
  .nullish()
  .transform((value) => value ?? 0);

const checked = (isValid: (value: string) => boolean, why: string) =>
  text.pipe(z.string().refine(isValid, why));

const email = checked(isEmailAddress, "Invalid or missing 'email'");

const passwordNamed = (name: string) =>
  checked((value) => value.length >= limits3.passwordMinLength, `Invalid or missing '${name}'`);

const clientSaltSeed = checked(
  (value) => /^[0-9A-Fa-f]{64}$/.test(value),
  "Invalid or missing 'clientSaltSeed'",
);

const presentNamed = (name: string) => checked((value) => value !== "", `Missing '${name}'`);

const deviceId = presentNamed("deviceId").refine(
  (value) => value.length <= limits3.deviceIdLength,
  "Invalid 'deviceId'",
);

/** POST /signup */
export const signUpRequest = z.strictObject({
  email,
  password: passwordNamed("password"),
  clientSaltSeed,
});

/** POST /auth/full */
export const logInRequest = z.strictObject({
  email,
  password: passwordNamed("password"),
  deviceId,
});

/** POST /wallet */
export const postWalletRequest = z.strictObject({
  token: presentNamed("token"),
  encryptedWallet: presentNamed("encryptedWallet"),
  hmac: presentNamed("hmac"),
  sequence: sequenceOrZero.pipe(
    z.number().refine((value) => value > 0, "Missing or zero-value 'sequence'"),
  ),
});

/** POST /password; `encryptedWallet`, `sequence` and `hmac` are all there or all zero. */
export const changePasswordRequest = z
  .strictObject({
    email,
    oldPassword: passwordNamed("oldPassword"),
    newPassword: passwordNamed("newPassword"),
    clientSaltSeed,
    encryptedWallet: text,
    sequence: sequenceOrZero,
    hmac: text,
  })
  .refine((request) => request.oldPassword !== request.newPassword, {
    error: "'oldPassword' and 'newPassword' should not be the same",
  })
  .refine(
    ({ encryptedWallet, sequence, hmac }) => {
      const present = [encryptedWallet !== "", sequence !== 0, hmac !== ""];
      return present.every(Boolean) || !present.some(Boolean);
    },
    { error: "'encryptedWallet', 'sequence' and 'hmac' belong together: send all three or none" },
  );

/** POST /verify/resend */
export const resendVerificationRequest = z.strictObject({ email });

export type SignUpRequest = z.output<typeof signUpRequest>;
export type LogInRequest = z.output<typeof logInRequest>;
export type PostWalletRequest = z.output<typeof postWalletRequest>;
export type ChangePasswordRequest = z.output<typeof changePasswordRequest>;
export type ResendVerificationRequest = z.output<typeof resendVerificationRequest>;

export type ParseRequestOutcome<Request> =
  | { readonly type: "parsed"; readonly request: Request }
  /** Not an object, or a field of the wrong type or range. */
  | { readonly type: "unreadable" }
  | { readonly type: "unknown-field"; readonly name: string }
  /** `why` is the protocol's text, without secrets. */
  | { readonly type: "invalid"; readonly why: string };

/**
 * As `parseRequest(postWalletRequest, value)`, whose answer it always gives, but quicker where nothing is wrong: the
 * request that there are most of is looked at field by field, and whatever is not exactly in order goes to the schema.
 */
export function parsePostWallet(value: unknown): ParseRequestOutcome<PostWalletRequest> {
  if (typeof value === "object" && value !== null && Object.keys(value).length === 4) {
    const { token, encryptedWallet, hmac, sequence } = value as Record<string, unknown>;
    if (
      isPresentText(token) &&
      isPresentText(encryptedWallet) &&
      isPresentText(hmac) &&
      typeof sequence === "number" &&
      Number.isInteger(sequence) &&
      sequence >= 1 &&
      sequence <= limits3.sequence
    ) {
      return { type: "parsed", request: { token, encryptedWallet, hmac, sequence } };
    }
  }
  return parseRequest(postWalletRequest, value);
}

function isPresentText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.isWellFormed();
}

/** Judges the JSON value of a request's body. Of several faults the protocol reports one. */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): ParseRequestOutcome<z.output<Schema>> {
  const result = schema.safeParse(value);
  const issues = result.error?.issues ?? [];
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      return { type: "unknown-field", name: issue.keys[0] ?? "" };
    }
  }
  // Every check that is the protocol's own is a `refine`; whatever else fails is a matter of types.
  if (issues.some((issue) => issue.code !== "custom" || issue.params?.["unreadable"] === true)) {
    return { type: "unreadable" };
  }
  const [first] = issues;
  if (first !== undefined) return { type: "invalid", why: first.message };
  return { type: "parsed", request: result.data as z.output<Schema> };
}
