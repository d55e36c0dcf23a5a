import type { CredentialLimitSettings, Limit } from "../limits/credential-limits.ts";
import type { LogLevel } from "../logging/create-log.ts";
import type { VerificationMode } from "../verification/verification-mode.ts";
import type { Secret } from "./secret.ts";

/** `production` is safe to expose; `development` is easy to start with: anyone signs up, mails are printed, nothing is limited. */
export type Profile = "production" | "development";

export type MailSettings =
  | { readonly type: "none" }
  /** Printed on standard output. */
  | { readonly type: "console" }
  /** `url` is `smtp://user:password@host:port` or `smtps://…`. */
  | { readonly type: "smtp"; readonly url: Secret; readonly from: string }
  | {
      readonly type: "mailgun";
      readonly apiUrl: string;
      readonly sendingDomain: string;
      readonly apiKey: Secret;
      readonly from: string;
    };

/** All that can be chosen about a server, checked. */
export interface Settings {
  readonly profile: Profile;
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
  /** Absolute or relative to the working directory. */
  readonly dataDir: string;
  /** Where people reach the server, without a slash at the end; by default where it listens. */
  readonly publicUrl: string | undefined;
  /** Of OPAQUE, base64url; undefined: in a file of the data directory. */
  readonly opaqueSetup: Secret | undefined;
  readonly verification: VerificationMode;
  readonly mail: MailSettings;
  readonly log: { readonly level: LogLevel; readonly format: "json" | "text" };
  /** `undefined`: off. */
  readonly credentialLimits: CredentialLimitSettings | undefined;
  /** Of calls that send a mail; `undefined`: off. */
  readonly mailLimits: CredentialLimitSettings | undefined;
  /** Of pushes of one account in protocol 4; `undefined`: off. */
  readonly pushLimit: Limit | undefined;
  readonly trustedProxies: readonly string[];
  readonly maxSocketsPerUser: number;
  readonly maxConnections: number;
  /** Bytes of a revision's ciphertext in protocol 4. */
  readonly maxWalletBytes: number;
  /** Bytes of all revisions of an account in protocol 4. */
  readonly maxAccountBytes: number;
}
