import type { TextOutput } from "../logging/create-log.ts";
import type { MailTransport } from "./mail-transport.ts";

/** For development: prints mails instead of sending them. */
export function createConsoleTransport(output: TextOutput): MailTransport {
  return {
    send: ({ to, subject, text }) => {
      const rule = "-".repeat(72);
      output.write(`${rule}\nMail to ${to}: ${subject}\n\n${text}${rule}\n`);
      return Promise.resolve();
    },
    close: () => undefined,
  };
}
