/** Sends mails through Mailgun's HTTP API: https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages */
import { ServerError } from "../server-error.ts";
import type { MailTransport } from "./mail-transport.ts";

const TIMEOUT_MS = 10_000;

export interface MailgunOptions {
  /** `https://api.mailgun.net`, or the European one. */
  readonly apiUrl: string;
  readonly sendingDomain: string;
  readonly apiKey: string;
  readonly from: string;
}

export function createMailgunTransport(options: MailgunOptions): MailTransport {
  const { apiUrl, sendingDomain, apiKey, from } = options;
  const url = `${apiUrl}/v3/${encodeURIComponent(sendingDomain)}/messages`;
  const authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}`;
  return {
    async send({ to, subject, text }) {
      const response = await post(url, authorization, { from, to, subject, text });
      if (!response.ok) {
        throw new ServerError("mail-refused", `Mailgun did not take a mail (${response.status}).`);
      }
    },
    close: () => undefined,
  };
}

async function post(
  url: string,
  authorization: string,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams(form),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response;
  } catch (cause) {
    throw new ServerError("mail-refused", "Mailgun could not be reached.", { cause });
  }
}
