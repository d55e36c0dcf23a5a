/** What a person reads when the server starts, or does not. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import type { MailSettings, Settings } from "./settings.ts";

/** Why the server did not start: one line for each setting that has to change. */
export function describeProblems(problems: readonly string[]): string {
  return ["Holdfast did not start:", ...problems.map((problem) => `  - ${problem}`), ""].join("\n");
}

/** Where the server listens, in which mode, where its data is, how to sign up, and what to beware of. */
export function describeStart(settings: Settings, url: string): string {
  const { profile, dataDir, credentialLimits, verification, publicUrl } = settings;
  const heading =
    profile === "development"
      ? "HOLDFAST, DEVELOPMENT MODE: anybody who reaches it can sign up. Not for real wallets."
      : "Holdfast is running.";
  const rows: [string, string][] = [
    [
      "Listens on",
      isEveryAddress(settings.host) ? `${url}, and on every address of this machine` : url,
    ],
    ...(publicUrl === undefined ? [] : [["Reached at", publicUrl] satisfies [string, string]]),
    ["Mode", describeMode(settings)],
    ["Data in", resolve(dataDir)],
    ["Mail", describeMail(settings.mail)],
    ["Rate limits", credentialLimits === undefined ? "off" : "on"],
  ];
  const rule = "=".repeat(heading.length);
  const canSignUp = verification.type !== "Whitelist" || verification.emails.length > 0;
  return [
    ...(profile === "development" ? [rule, heading, rule] : [heading]),
    ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`),
    "",
    ...(canSignUp
      ? [
          "Sign up with:",
          `  npx holdfast ${serverOption(publicUrl ?? url)}register you@example.com`,
        ]
      : [
          "Nobody can sign up yet. Name who may in the environment, and start again as before:",
          "  export ACCOUNT_WHITELIST=you@example.com",
        ]),
    ...describeWarnings(settings).map((warning) => `\nWARNING: ${warning}`),
    "",
    "",
  ].join("\n");
}

/** The CLI needs no word about the server it tries first. */
function serverOption(url: string): string {
  return url === "http://localhost:8090" ? "" : `--server ${url} `;
}

function describeMode({ verification }: Settings): string {
  switch (verification.type) {
    case "AllowAll":
      return "AllowAll: anybody can sign up and is verified at once";
    case "Whitelist": {
      const { length } = verification.emails;
      return `Whitelist: ${length} ${length === 1 ? "address" : "addresses"} may sign up`;
    }
    case "EmailVerify":
      return "EmailVerify: anybody can sign up and is verified by a mailed link";
  }
}

function describeMail(mail: MailSettings): string {
  switch (mail.type) {
    case "none":
      return "not needed in this mode";
    case "console":
      return "printed here instead of being sent";
    case "smtp":
      return `SMTP, from ${mail.from}`;
    case "mailgun":
      return `Mailgun, from ${mail.from}`;
  }
}

/** Choices that are allowed and dangerous. */
export function describeWarnings(settings: Settings): readonly string[] {
  const { host, trustedProxies, verification, profile } = settings;
  if (isLoopback(host)) return [];
  const warnings: string[] = [];
  if (trustedProxies.length === 0) {
    warnings.push(
      `${host} can be reached from other machines, and Holdfast itself does not encrypt connections. Put a proxy with TLS in front of it, and name the proxy in HOLDFAST_TRUST_PROXY.`,
    );
  }
  if (verification.type === "AllowAll") {
    warnings.push("Anybody who reaches this server can sign up and store data on it.");
  }
  if (profile === "development") {
    warnings.push("Development mode is meant for this machine only: leave out --host.");
  }
  return warnings;
}

function isEveryAddress(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function isLoopback(host: string): boolean {
  return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
