/** A setting that has a command line flag besides its environment variable. The flag wins. */
export interface SettingFlag {
  /** As on the command line, without dashes. */
  readonly flag: string;
  readonly variable: string;
  readonly placeholder: string;
  readonly description: string;
}

/** Settings without secrets, which may therefore be arguments of a process. */
export const settingFlags = [
  {
    flag: "port",
    variable: "PORT",
    placeholder: "number",
    description: "port to listen on (default: 8090)",
  },
  {
    flag: "host",
    variable: "HOLDFAST_HOST",
    placeholder: "address",
    description: "address to listen on (default: 127.0.0.1, this machine only)",
  },
  {
    flag: "data",
    variable: "HOLDFAST_DATA_DIR",
    placeholder: "dir",
    description: "folder that keeps the accounts and wallets (default: ./data)",
  },
  {
    flag: "public-url",
    variable: "HOLDFAST_PUBLIC_URL",
    placeholder: "url",
    description: "address under which people reach this server; mailed links begin with it",
  },
  {
    flag: "trust-proxy",
    variable: "HOLDFAST_TRUST_PROXY",
    placeholder: "networks",
    description: "proxies whose X-Forwarded-For is believed: loopback, or addresses and networks",
  },
  {
    flag: "log-level",
    variable: "HOLDFAST_LOG_LEVEL",
    placeholder: "level",
    description: "trace, debug, info, warn, error, fatal or silent (default: info)",
  },
] as const satisfies readonly SettingFlag[];

export type SettingFlagName = (typeof settingFlags)[number]["flag"];

/** Environment variables that have no flag: rarely changed, of the original, or secret. */
export const otherVariables = [
  "ACCOUNT_VERIFICATION_MODE",
  "ACCOUNT_WHITELIST",
  "MAILGUN_SENDING_DOMAIN",
  "MAILGUN_SERVER_DOMAIN",
  "MAILGUN_PRIVATE_API_KEY",
  "MAILGUN_SENDING_DOMAIN_IS_EU",
  "HOLDFAST_SMTP_URL",
  "HOLDFAST_MAIL_FROM",
  "HOLDFAST_OPAQUE_SETUP",
  "HOLDFAST_LOG_FORMAT",
  "HOLDFAST_RATE_LIMITS",
  "HOLDFAST_RATE_LIMIT_PER_IP",
  "HOLDFAST_RATE_LIMIT_PER_EMAIL",
  "HOLDFAST_RATE_LIMIT_MAILS",
  "HOLDFAST_RATE_LIMIT_PUSHES",
  "HOLDFAST_MAX_SOCKETS_PER_USER",
  "HOLDFAST_MAX_CONNECTIONS",
  "HOLDFAST_MAX_WALLET_BYTES",
  "HOLDFAST_MAX_ACCOUNT_BYTES",
] as const;

export type SettingVariable =
  (typeof settingFlags)[number]["variable"] | (typeof otherVariables)[number];
