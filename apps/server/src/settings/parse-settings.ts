/** Settings from flags, environment and defaults, in this order of precedence. Pure. */
import { limits4 } from "@holdfast/protocol/protocol-4";
import {
  readChoice,
  readHost,
  readInteger,
  readLimit,
  readLogLevel,
  readPublicUrl,
  readTrustedProxies,
} from "./read-values.ts";
import { readVerification } from "./read-verification.ts";
import {
  createSettingReader,
  type Environment,
  type Flags,
  type SettingReader,
} from "./setting-reader.ts";
import { Secret } from "./secret.ts";
import type { Profile, Settings } from "./settings.ts";

export type ParseSettingsOutcome =
  | { readonly type: "valid"; readonly settings: Settings }
  /** Sentences that name the flag or variable and say what to do; never a secret. */
  | { readonly type: "invalid"; readonly problems: readonly string[] };

export function parseSettings(input: {
  readonly flags: Flags;
  readonly env: Environment;
  readonly profile: Profile;
}): ParseSettingsOutcome {
  const { flags, env, profile } = input;
  const reader = createSettingReader(flags, env);
  const isDevelopment = profile === "development";
  const settings: Settings = {
    profile,
    host: readHost(reader),
    port: readInteger(reader, "PORT", { min: 0, max: 65_535, fallback: 8090 }),
    dataDir: reader.get("HOLDFAST_DATA_DIR") ?? "data",
    publicUrl: readPublicUrl(reader) ?? serverDomainUrl(reader),
    opaqueSetup: readOpaqueSetup(reader),
    ...readVerification(reader, profile),
    log: {
      level: readLogLevel(reader, isDevelopment ? "warn" : "info"),
      format: readChoice(
        reader,
        "HOLDFAST_LOG_FORMAT",
        ["json", "text"],
        isDevelopment ? "text" : "json",
      ),
    },
    ...readLimits(reader, isDevelopment),
    trustedProxies: readTrustedProxies(reader),
    maxSocketsPerUser: readInteger(reader, "HOLDFAST_MAX_SOCKETS_PER_USER", {
      min: 1,
      max: 10_000,
      fallback: 64,
    }),
    maxConnections: readInteger(reader, "HOLDFAST_MAX_CONNECTIONS", {
      min: 1,
      max: 1_000_000,
      fallback: 20_000,
    }),
    ...readSizes(reader),
  };
  const { problems } = reader;
  return problems.length === 0 ? { type: "valid", settings } : { type: "invalid", problems };
}

function readSizes(reader: SettingReader): Pick<Settings, "maxWalletBytes" | "maxAccountBytes"> {
  const maxWalletBytes = readInteger(reader, "HOLDFAST_MAX_WALLET_BYTES", {
    min: 65_536,
    max: 16 * limits4.walletBytes,
    fallback: limits4.walletBytes,
  });
  const maxAccountBytes = readInteger(reader, "HOLDFAST_MAX_ACCOUNT_BYTES", {
    min: 1024 ** 2,
    max: 1024 ** 4,
    fallback: 1024 ** 3,
  });
  // A newest revision and the one before it must fit, or no change could ever be stored.
  if (maxAccountBytes < 4 * maxWalletBytes) {
    reader.refuse(
      "HOLDFAST_MAX_ACCOUNT_BYTES",
      `must be at least four times HOLDFAST_MAX_WALLET_BYTES: ${4 * maxWalletBytes} or more.`,
    );
  }
  return { maxWalletBytes, maxAccountBytes };
}

/** The original knows its public address by a domain alone. */
function serverDomainUrl(reader: SettingReader): string | undefined {
  const domain = reader.get("MAILGUN_SERVER_DOMAIN");
  return domain === undefined ? undefined : `https://${domain}`;
}

/** Judged where it is used; here only its form, and it is never repeated. */
function readOpaqueSetup(reader: SettingReader): Secret | undefined {
  const text = reader.get("HOLDFAST_OPAQUE_SETUP");
  if (text === undefined) return undefined;
  if (/^[A-Za-z0-9_-]{171}$/.test(text)) return new Secret(text);
  reader.refuse(
    "HOLDFAST_OPAQUE_SETUP",
    "must be the host's setup secret: 128 bytes in base64url.",
  );
  return undefined;
}

type LimitSettings = Pick<Settings, "credentialLimits" | "mailLimits" | "pushLimit">;

function readLimits(reader: SettingReader, isDevelopment: boolean): LimitSettings {
  const minuteMs = 60_000;
  const perIp = readLimit(reader, "HOLDFAST_RATE_LIMIT_PER_IP", { points: 60, windowMs: minuteMs });
  const perEmail = readLimit(reader, "HOLDFAST_RATE_LIMIT_PER_EMAIL", {
    points: 30,
    windowMs: 5 * minuteMs,
  });
  const mails = readLimit(reader, "HOLDFAST_RATE_LIMIT_MAILS", {
    points: 5,
    windowMs: 60 * minuteMs,
  });
  const pushLimit = readLimit(reader, "HOLDFAST_RATE_LIMIT_PUSHES", {
    points: 600,
    windowMs: 60 * minuteMs,
  });
  const isOn = readChoice(
    reader,
    "HOLDFAST_RATE_LIMITS",
    ["on", "off"],
    isDevelopment ? "off" : "on",
  );
  if (isOn === "off") {
    return { credentialLimits: undefined, mailLimits: undefined, pushLimit: undefined };
  }
  return {
    credentialLimits: { perIp, perEmail },
    mailLimits: { perIp, perEmail: mails },
    pushLimit,
  };
}
