/** Who may sign up, and how verification mails are sent (P3-21, P3-22). A variable of another mode is refused: it was meant to have an effect. */
import { isEmailAddress } from "@holdfast/protocol";
import type { VerificationMode } from "../verification/verification-mode.ts";
import { readChoice } from "./read-values.ts";
import { Secret } from "./secret.ts";
import type { SettingVariable } from "./setting-names.ts";
import type { SettingReader } from "./setting-reader.ts";
import type { MailSettings, Profile } from "./settings.ts";

const MODE = "ACCOUNT_VERIFICATION_MODE";
const modes = ["AllowAll", "Whitelist", "EmailVerify"] as const;

const mailgunVariables = [
  "MAILGUN_SENDING_DOMAIN",
  "MAILGUN_SERVER_DOMAIN",
  "MAILGUN_PRIVATE_API_KEY",
  "MAILGUN_SENDING_DOMAIN_IS_EU",
] as const satisfies readonly SettingVariable[];
const mailVariables = [...mailgunVariables, "HOLDFAST_SMTP_URL", "HOLDFAST_MAIL_FROM"] as const;

export interface VerificationSettings {
  readonly verification: VerificationMode;
  readonly mail: MailSettings;
}

export function readVerification(reader: SettingReader, profile: Profile): VerificationSettings {
  const fallback = profile === "development" ? "AllowAll" : "Whitelist";
  const type = readChoice(reader, MODE, modes, fallback);
  if (type !== "Whitelist") refuseOthers(reader, ["ACCOUNT_WHITELIST"], "Whitelist", type);
  if (type !== "EmailVerify") refuseOthers(reader, mailVariables, "EmailVerify", type);

  const none: MailSettings = { type: "none" };
  switch (type) {
    case "AllowAll":
      return { verification: { type }, mail: none };
    case "Whitelist":
      return { verification: { type, emails: readWhitelist(reader) }, mail: none };
    case "EmailVerify":
      return { verification: { type }, mail: readMail(reader, profile) };
  }
}

function refuseOthers(
  reader: SettingReader,
  variables: readonly SettingVariable[],
  wanted: string,
  mode: string,
): void {
  for (const variable of variables) {
    if (reader.get(variable) === undefined) continue;
    reader.refuse(
      variable,
      `has an effect only when ${MODE} is ${wanted}, and it is ${mode}. Unset one or change the other.`,
    );
  }
}

function readWhitelist(reader: SettingReader): readonly string[] {
  const emails = reader.get("ACCOUNT_WHITELIST")?.split(",") ?? [];
  if (emails.some((email) => email !== email.trim())) {
    reader.refuse("ACCOUNT_WHITELIST", "must be addresses separated by commas, without spaces.");
    return [];
  }
  for (const email of emails) {
    if (!isEmailAddress(email)) {
      reader.refuse("ACCOUNT_WHITELIST", `contains "${email}", which is no e-mail address.`);
    }
  }
  return emails;
}

function readMail(reader: SettingReader, profile: Profile): MailSettings {
  const usesMailgun = mailgunVariables.some((variable) => reader.get(variable) !== undefined);
  const usesSmtp = reader.get("HOLDFAST_SMTP_URL") !== undefined;
  if (usesMailgun && usesSmtp) {
    reader.refuse("HOLDFAST_SMTP_URL", "and MAILGUN_… are two ways to send mail. Choose one.");
    return { type: "none" };
  }
  if (usesMailgun) return readMailgun(reader);
  if (usesSmtp) return readSmtp(reader);
  if (profile === "development") return { type: "console" };
  reader.refuse(
    MODE,
    "is EmailVerify, which needs a way to send mail: set HOLDFAST_SMTP_URL and HOLDFAST_MAIL_FROM, or the MAILGUN_ variables.",
  );
  return { type: "none" };
}

function readSmtp(reader: SettingReader): MailSettings {
  const text = reader.get("HOLDFAST_SMTP_URL") ?? "";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    // The value may hold a password, so it is not repeated.
    reader.refuse("HOLDFAST_SMTP_URL", "must look like smtp://user:password@mail.example.com:587.");
  }
  const from = readFrom(reader);
  if (from === undefined) {
    reader.refuse("HOLDFAST_MAIL_FROM", "must say who the mails are from when SMTP is used.");
  }
  requirePublicUrl(reader);
  return { type: "smtp", url: new Secret(text), from: from ?? "" };
}

function readMailgun(reader: SettingReader): MailSettings {
  const sendingDomain = reader.get("MAILGUN_SENDING_DOMAIN");
  const apiKey = reader.get("MAILGUN_PRIVATE_API_KEY");
  const isEu = readChoice(reader, "MAILGUN_SENDING_DOMAIN_IS_EU", ["true", "false"], "false");
  if (sendingDomain === undefined || !isDomain(sendingDomain)) {
    reader.refuse("MAILGUN_SENDING_DOMAIN", "must be the domain that Mailgun sends from.");
  }
  if (apiKey === undefined) {
    reader.refuse("MAILGUN_PRIVATE_API_KEY", "must be set: it is Mailgun's private API key.");
  }
  const serverDomain = reader.get("MAILGUN_SERVER_DOMAIN");
  if (serverDomain === undefined) requirePublicUrl(reader, "MAILGUN_SERVER_DOMAIN");
  else if (!isDomain(serverDomain)) {
    reader.refuse("MAILGUN_SERVER_DOMAIN", "must be a domain, such as wallets.example.com.");
  }
  return {
    type: "mailgun",
    apiUrl: isEu === "true" ? "https://api.eu.mailgun.net" : "https://api.mailgun.net",
    sendingDomain: sendingDomain ?? "",
    apiKey: new Secret(apiKey ?? ""),
    from: readFrom(reader) ?? `wallet-sync@${sendingDomain ?? ""}`,
  };
}

/** A host name, with a port where there is one. */
function isDomain(text: string): boolean {
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?$/.test(text);
}

/** `address` or `Name <address>`. */
function readFrom(reader: SettingReader): string | undefined {
  const text = reader.get("HOLDFAST_MAIL_FROM");
  if (text === undefined) return undefined;
  const address = /^[^<>\r\n]*<([^<>]*)>$/.exec(text)?.[1] ?? text;
  if (!isEmailAddress(address)) {
    reader.refuse(
      "HOLDFAST_MAIL_FROM",
      "must be an address, such as wallets@example.com or Wallets <wallets@example.com>.",
    );
  }
  return text;
}

function requirePublicUrl(reader: SettingReader, original?: SettingVariable): void {
  if (reader.get("HOLDFAST_PUBLIC_URL") !== undefined) return;
  const alternative = original === undefined ? "" : `or ${original} `;
  reader.refuse(
    "HOLDFAST_PUBLIC_URL",
    `${alternative}must be set when mails are sent: the links in them lead there.`,
  );
}
