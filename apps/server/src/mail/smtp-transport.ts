/** Sends mails over SMTP. */
import { createTransport } from "nodemailer";
import { ServerError } from "../server-error.ts";
import type { MailTransport } from "./mail-transport.ts";

const TIMEOUT_MS = 10_000;

export interface SmtpOptions {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly url: string;
  readonly from: string;
}

export function createSmtpTransport({ url, from }: SmtpOptions): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        // As an object, so that no character of the address can add a recipient.
        await transport.sendMail({ ...mail, from, to: { name: "", address: mail.to } });
      } catch (error) {
        const { code, responseCode } = error as { code?: string; responseCode?: number };
        // The error itself may quote the address and the server's words; its codes say enough.
        const reason = [code, responseCode].filter((part) => part !== undefined).join(" ");
        throw new ServerError("mail-refused", `The mail server did not take a mail (${reason}).`);
      }
    },
    close: () => transport.close(),
  };
}
