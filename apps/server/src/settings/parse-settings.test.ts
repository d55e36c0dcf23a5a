import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSettings } from "./parse-settings.ts";
import { Secret } from "./secret.ts";
import type { Environment, Flags } from "./setting-reader.ts";
import type { Profile, Settings } from "./settings.ts";

const parse = (env: Environment = {}, flags: Flags = {}, profile: Profile = "production") =>
  parseSettings({ flags, env, profile });

const valid = (env?: Environment, flags?: Flags, profile?: Profile): Settings => {
  const outcome = parse(env, flags, profile);
  if (outcome.type === "invalid") throw new Error(outcome.problems.join("\n"));
  return outcome.settings;
};

const problems = (env?: Environment, flags?: Flags, profile?: Profile): readonly string[] => {
  const outcome = parse(env, flags, profile);
  return outcome.type === "invalid" ? outcome.problems : [];
};

const smtp = {
  ACCOUNT_VERIFICATION_MODE: "EmailVerify",
  HOLDFAST_SMTP_URL: "smtps://user:canary-secret@mail.example.com:465",
  HOLDFAST_MAIL_FROM: "wallets@example.com",
  HOLDFAST_PUBLIC_URL: "https://wallets.example.com",
};
const mailgun = {
  ACCOUNT_VERIFICATION_MODE: "EmailVerify",
  MAILGUN_SENDING_DOMAIN: "mg.example.com",
  MAILGUN_SERVER_DOMAIN: "wallets.example.com",
  MAILGUN_PRIVATE_API_KEY: "canary-secret",
};

test("[P3-74] without any setting the server is safe: this machine only, nobody can sign up, limits on", () => {
  expect(valid()).toEqual({
    profile: "production",
    host: "127.0.0.1",
    port: 8090,
    dataDir: "data",
    publicUrl: undefined,
    opaqueSetup: undefined,
    verification: { type: "Whitelist", emails: [] },
    mail: { type: "none" },
    log: { level: "info", format: "json" },
    credentialLimits: {
      perIp: { points: 60, windowMs: 60_000 },
      perEmail: { points: 30, windowMs: 300_000 },
    },
    mailLimits: {
      perIp: { points: 60, windowMs: 60_000 },
      perEmail: { points: 5, windowMs: 3_600_000 },
    },
    pushLimit: { points: 600, windowMs: 3_600_000 },
    trustedProxies: [],
    maxSocketsPerUser: 64,
    maxConnections: 20_000,
    maxWalletBytes: 1_048_576,
    maxAccountBytes: 1_073_741_824,
  });
});

test("[P3-74] the development profile lets anybody in, on this machine only, without limits", () => {
  expect(valid({}, {}, "development")).toMatchObject({
    profile: "development",
    host: "127.0.0.1",
    opaqueSetup: undefined,
    verification: { type: "AllowAll" },
    mail: { type: "none" },
    log: { level: "warn", format: "text" },
    credentialLimits: undefined,
    mailLimits: undefined,
    pushLimit: undefined,
  });
  const byMail = valid({ ACCOUNT_VERIFICATION_MODE: "EmailVerify" }, {}, "development");
  expect(byMail.mail).toEqual({ type: "console" });
});

test.each<[Flags, Environment, Partial<Settings>]>([
  [{}, { PORT: "9000" }, { port: 9000 }],
  [{ port: "9001" }, { PORT: "9000" }, { port: 9001 }],
  [{ port: "0" }, {}, { port: 0 }],
  [{}, { PORT: "" }, { port: 8090 }],
  [{ host: "0.0.0.0" }, { HOLDFAST_HOST: "127.0.0.2" }, { host: "0.0.0.0" }],
  [{}, { HOLDFAST_HOST: "::1" }, { host: "::1" }],
  [{ host: "localhost" }, {}, { host: "127.0.0.1" }],
  [{ data: "/a" }, { HOLDFAST_DATA_DIR: "/b" }, { dataDir: "/a" }],
  [{}, { HOLDFAST_DATA_DIR: "/b" }, { dataDir: "/b" }],
  [{ "public-url": "https://x.org/" }, {}, { publicUrl: "https://x.org" }],
  [{}, { HOLDFAST_PUBLIC_URL: "http://x.org:80/sync/" }, { publicUrl: "http://x.org/sync" }],
  [{ "log-level": "debug" }, {}, { log: { level: "debug", format: "json" } }],
  [{}, { HOLDFAST_LOG_FORMAT: "text" }, { log: { level: "info", format: "text" } }],
  [{ "trust-proxy": "loopback" }, {}, { trustedProxies: ["loopback"] }],
  [
    {},
    { HOLDFAST_TRUST_PROXY: "10.0.0.0/8,::1,fd00::/8,192.0.2.1" },
    { trustedProxies: ["10.0.0.0/8", "::1", "fd00::/8", "192.0.2.1"] },
  ],
  [{}, { HOLDFAST_TRUST_PROXY: "none" }, { trustedProxies: [] }],
  [{}, { HOLDFAST_RATE_LIMITS: "off" }, { credentialLimits: undefined, mailLimits: undefined }],
  [
    {},
    { HOLDFAST_RATE_LIMIT_PER_IP: "10/2", HOLDFAST_RATE_LIMIT_PER_EMAIL: "3/4" },
    {
      credentialLimits: {
        perIp: { points: 10, windowMs: 2000 },
        perEmail: { points: 3, windowMs: 4000 },
      },
    },
  ],
  [{}, { HOLDFAST_RATE_LIMIT_PUSHES: "10/60" }, { pushLimit: { points: 10, windowMs: 60_000 } }],
  [{}, { HOLDFAST_RATE_LIMITS: "off" }, { pushLimit: undefined }],
  [{}, { HOLDFAST_MAX_ACCOUNT_BYTES: "1099511627776" }, { maxAccountBytes: 1024 ** 4 }],
  [{}, { HOLDFAST_MAX_SOCKETS_PER_USER: "3" }, { maxSocketsPerUser: 3 }],
  [{}, { HOLDFAST_MAX_CONNECTIONS: "30" }, { maxConnections: 30 }],
  [{}, { ACCOUNT_VERIFICATION_MODE: "AllowAll" }, { verification: { type: "AllowAll" } }],
  [
    {},
    { ACCOUNT_WHITELIST: "joe@example.com,ann@example.com" },
    { verification: { type: "Whitelist", emails: ["joe@example.com", "ann@example.com"] } },
  ],
])("[P3-74] flags %o and environment %o give %o", (flags, env, expected) => {
  expect(valid(env, flags)).toMatchObject(expected);
});

describe("[P3-22] mail", () => {
  test("goes through SMTP", () => {
    const { mail, publicUrl, verification } = valid(smtp);
    expect(verification).toEqual({ type: "EmailVerify" });
    expect(mail).toMatchObject({ type: "smtp", from: "wallets@example.com" });
    expect(mail.type === "smtp" && mail.url.reveal()).toBe(smtp.HOLDFAST_SMTP_URL);
    expect(publicUrl).toBe("https://wallets.example.com");
  });

  test("goes through Mailgun by the original's variables", () => {
    const { mail, publicUrl } = valid(mailgun);
    expect(mail).toMatchObject({
      type: "mailgun",
      apiUrl: "https://api.mailgun.net",
      sendingDomain: "mg.example.com",
      from: "wallet-sync@mg.example.com",
    });
    expect(mail.type === "mailgun" && mail.apiKey.reveal()).toBe("canary-secret");
    expect(publicUrl).toBe("https://wallets.example.com");
  });

  test("goes through Mailgun's European host when the domain is there", () => {
    const { mail } = valid({ ...mailgun, MAILGUN_SENDING_DOMAIN_IS_EU: "true" });
    expect(mail).toMatchObject({ apiUrl: "https://api.eu.mailgun.net" });
  });

  test("has links below the public address, whatever Mailgun calls the server", () => {
    expect(valid({ ...mailgun, HOLDFAST_PUBLIC_URL: "https://x.org/y" }).publicUrl).toBe(
      "https://x.org/y",
    );
  });
});

test.each<[string, Environment]>([
  ["PORT", { PORT: "80a" }],
  ["PORT", { PORT: "65536" }],
  ["PORT", { PORT: "-1" }],
  ["PORT", { PORT: " 80" }],
  ["HOLDFAST_HOST", { HOLDFAST_HOST: "example.com" }],
  ["HOLDFAST_PUBLIC_URL", { HOLDFAST_PUBLIC_URL: "wallets.example.com" }],
  ["HOLDFAST_PUBLIC_URL", { HOLDFAST_PUBLIC_URL: "ftp://example.com" }],
  ["HOLDFAST_PUBLIC_URL", { HOLDFAST_PUBLIC_URL: "https://example.com/?x" }],
  ["HOLDFAST_PUBLIC_URL", { HOLDFAST_PUBLIC_URL: "https://me:canary-secret@example.com" }],
  ["HOLDFAST_LOG_LEVEL", { HOLDFAST_LOG_LEVEL: "loud" }],
  ["HOLDFAST_LOG_FORMAT", { HOLDFAST_LOG_FORMAT: "xml" }],
  ["HOLDFAST_TRUST_PROXY", { HOLDFAST_TRUST_PROXY: "true" }],
  ["HOLDFAST_TRUST_PROXY", { HOLDFAST_TRUST_PROXY: "0.0.0.0/0" }],
  ["HOLDFAST_TRUST_PROXY", { HOLDFAST_TRUST_PROXY: "10.0.0.0/33" }],
  ["HOLDFAST_TRUST_PROXY", { HOLDFAST_TRUST_PROXY: "10.0.0.1, 10.0.0.2" }],
  ["HOLDFAST_RATE_LIMITS", { HOLDFAST_RATE_LIMITS: "no" }],
  ["HOLDFAST_RATE_LIMIT_PER_IP", { HOLDFAST_RATE_LIMIT_PER_IP: "60" }],
  ["HOLDFAST_RATE_LIMIT_PER_EMAIL", { HOLDFAST_RATE_LIMIT_PER_EMAIL: "0/60" }],
  ["HOLDFAST_RATE_LIMIT_MAILS", { HOLDFAST_RATE_LIMIT_MAILS: "5/1h" }],
  ["HOLDFAST_RATE_LIMIT_PUSHES", { HOLDFAST_RATE_LIMIT_PUSHES: "many" }],
  ["HOLDFAST_MAX_ACCOUNT_BYTES", { HOLDFAST_MAX_ACCOUNT_BYTES: "1GB" }],
  ["HOLDFAST_MAX_ACCOUNT_BYTES", { HOLDFAST_MAX_ACCOUNT_BYTES: "1099511627777" }],
  [
    "HOLDFAST_MAX_ACCOUNT_BYTES",
    { HOLDFAST_MAX_ACCOUNT_BYTES: "8388608", HOLDFAST_MAX_WALLET_BYTES: "4194304" },
  ],
  ["HOLDFAST_MAX_SOCKETS_PER_USER", { HOLDFAST_MAX_SOCKETS_PER_USER: "0" }],
  ["HOLDFAST_MAX_CONNECTIONS", { HOLDFAST_MAX_CONNECTIONS: "many" }],
  ["ACCOUNT_VERIFICATION_MODE", { ACCOUNT_VERIFICATION_MODE: "allowall" }],
  ["ACCOUNT_VERIFICATION_MODE", { ACCOUNT_VERIFICATION_MODE: "EmailVerify" }],
  ["ACCOUNT_WHITELIST", { ACCOUNT_WHITELIST: "joe@example.com, ann@example.com" }],
  ["ACCOUNT_WHITELIST", { ACCOUNT_WHITELIST: "joe" }],
  ["ACCOUNT_WHITELIST", { ACCOUNT_WHITELIST: "joe@example.com," }],
  [
    "ACCOUNT_WHITELIST",
    { ACCOUNT_VERIFICATION_MODE: "AllowAll", ACCOUNT_WHITELIST: "joe@example.com" },
  ],
  ["ACCOUNT_WHITELIST", { ...smtp, ACCOUNT_WHITELIST: "joe@example.com" }],
  ["MAILGUN_SENDING_DOMAIN", { MAILGUN_SENDING_DOMAIN: "mg.example.com" }],
  ["MAILGUN_PRIVATE_API_KEY", { MAILGUN_PRIVATE_API_KEY: "canary-secret" }],
  ["MAILGUN_SENDING_DOMAIN_IS_EU", { MAILGUN_SENDING_DOMAIN_IS_EU: "false" }],
  ["HOLDFAST_SMTP_URL", { HOLDFAST_SMTP_URL: smtp.HOLDFAST_SMTP_URL }],
  ["HOLDFAST_MAIL_FROM", { HOLDFAST_MAIL_FROM: "a@b.c" }],
  ["HOLDFAST_SMTP_URL", { ...smtp, ...mailgun }],
  ["HOLDFAST_SMTP_URL", { ...smtp, HOLDFAST_SMTP_URL: "canary-secret" }],
  ["HOLDFAST_SMTP_URL", { ...smtp, HOLDFAST_SMTP_URL: "https://canary-secret@mail" }],
  ["HOLDFAST_MAIL_FROM", { ...smtp, HOLDFAST_MAIL_FROM: undefined }],
  ["HOLDFAST_MAIL_FROM", { ...smtp, HOLDFAST_MAIL_FROM: "Wallets" }],
  ["HOLDFAST_MAIL_FROM", { ...smtp, HOLDFAST_MAIL_FROM: "A\r\nBcc: x <a@b.c>" }],
  ["HOLDFAST_PUBLIC_URL", { ...smtp, HOLDFAST_PUBLIC_URL: undefined }],
  ["MAILGUN_SENDING_DOMAIN", { ...mailgun, MAILGUN_SENDING_DOMAIN: undefined }],
  ["MAILGUN_SENDING_DOMAIN", { ...mailgun, MAILGUN_SENDING_DOMAIN: "https://mg.example.com/" }],
  ["MAILGUN_SERVER_DOMAIN", { ...mailgun, MAILGUN_SERVER_DOMAIN: undefined }],
  ["MAILGUN_SERVER_DOMAIN", { ...mailgun, MAILGUN_SERVER_DOMAIN: "wallets.example.com/x" }],
  ["MAILGUN_PRIVATE_API_KEY", { ...mailgun, MAILGUN_PRIVATE_API_KEY: "" }],
  ["MAILGUN_SENDING_DOMAIN_IS_EU", { ...mailgun, MAILGUN_SENDING_DOMAIN_IS_EU: "yes" }],
])("[P3-74] %s keeps the server from starting when it is %o", (name, env) => {
  const found = problems(env);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(name);
  expect(found[0]).not.toContain("canary-secret");
  expect(found[0]).toMatch(/\.$/);
});

test("[P3-74] a fault of a flag names the flag", () => {
  expect(problems({ PORT: "9000" }, { port: "x" })).toEqual([
    "--port must be a whole number from 0 to 65535.",
  ]);
});

test("[P3-74] a variable of another mode is named with the way out", () => {
  expect(problems({ ACCOUNT_WHITELIST: "joe@example.com" }, {}, "development")).toEqual([
    "ACCOUNT_WHITELIST has an effect only when ACCOUNT_VERIFICATION_MODE is Whitelist, and it is AllowAll. Unset one or change the other.",
  ]);
});

test("[P3-74] all faults are named at once", () => {
  expect(problems({ PORT: "x", HOLDFAST_HOST: "x", ACCOUNT_WHITELIST: "x" })).toHaveLength(3);
});

test("[P3-74] any texts are either settings or sentences, never an exception", () => {
  const names = [
    ...Object.keys({ ...smtp, ...mailgun }),
    "PORT",
    "HOLDFAST_HOST",
    "HOLDFAST_TRUST_PROXY",
    "HOLDFAST_RATE_LIMIT_PER_IP",
    "HOLDFAST_MAX_CONNECTIONS",
    "ACCOUNT_WHITELIST",
  ];
  const env = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.string(), fc.constantFrom("EmailVerify", "1", "::", "a@b.c", "http://a")),
  );
  fc.assert(
    fc.property(env, (some) => {
      expect(["valid", "invalid"]).toContain(parse(some).type);
    }),
  );
});

test("[P3-74] a secret says nothing as a text", () => {
  expect(String(new Secret("canary-secret"))).toBe("[secret]");
});

test("[P3-74] a secret does not show, however the settings are printed", () => {
  for (const settings of [valid(smtp), valid(mailgun)]) {
    for (const text of [inspect(settings, { depth: null }), JSON.stringify(settings)]) {
      expect(text).toContain("[secret]");
      expect(text).not.toContain("canary-secret");
    }
  }
});
