import type { TextOutput } from "../logging/create-log.ts";
import type { MailSettings } from "../settings/settings.ts";
import { createConsoleTransport } from "./console-transport.ts";
import type { MailTransport } from "./mail-transport.ts";
import { createMailgunTransport } from "./mailgun-transport.ts";
import { createSmtpTransport } from "./smtp-transport.ts";

/** The transport that the settings name. Without one, `output` gets the mails. */
export function createMailTransport(settings: MailSettings, output: TextOutput): MailTransport {
  switch (settings.type) {
    case "smtp":
      return createSmtpTransport({ url: settings.url.reveal(), from: settings.from });
    case "mailgun":
      return createMailgunTransport({ ...settings, apiKey: settings.apiKey.reveal() });
    case "console":
    case "none":
      return createConsoleTransport(output);
  }
}
