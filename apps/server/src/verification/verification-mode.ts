/** How an account becomes verified (`ACCOUNT_VERIFICATION_MODE`). */
export type VerificationMode =
  /** Anyone, at once. For development. */
  | { readonly type: "AllowAll" }
  /** The listed addresses, at once; nobody else can sign up. Case does not matter. */
  | { readonly type: "Whitelist"; readonly emails: readonly string[] }
  /** Anyone who opens the link mailed to them. */
  | { readonly type: "EmailVerify" };
