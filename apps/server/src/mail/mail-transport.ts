import type { Mail } from "./verification-mail.ts";

/** A way to send mails. `send` resolves when the mail was accepted for delivery; it rejects with a ServerError `mail-refused`. */
export interface MailTransport {
  send(mail: Mail): Promise<void>;
  close(): void;
}
