import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { endpoints3 } from "@holdfast/protocol";
import { SMTPServer } from "smtp-server";
import { describe, expect, test } from "vitest";
import { Secret } from "../settings/secret.ts";
import type { MailSettings } from "../settings/settings.ts";
import { password, startTestServer, type TestServer } from "../testing/test-server.ts";

const smtpPassword = "canary-smtp-password";
const apiKey = "canary-mailgun-key";
const publicUrl = "https://wallets.example.com/sync";

const startServer = (mail: MailSettings): Promise<TestServer> =>
  startTestServer({
    env: { ACCOUNT_VERIFICATION_MODE: "EmailVerify" },
    settings: { mail, publicUrl },
  });

interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** An SMTP server that keeps what it gets, and refuses recipients at `refused.example`. */
async function startSmtpServer(): Promise<{
  readonly received: ReceivedMail[];
  readonly settings: MailSettings;
  close(): Promise<void>;
}> {
  const received: ReceivedMail[] = [];
  const smtp = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) =>
      username === "holdfast" && password === smtpPassword
        ? done(null, { user: username })
        : done(new Error("wrong password")),
    onRcptTo: ({ address }, _session, done) =>
      done(address.endsWith("refused.example") ? new Error(`550 no ${address} here`) : null),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push({
          from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  smtp.on("error", () => undefined);
  const listening = smtp.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  return {
    received,
    settings: {
      type: "smtp",
      url: new Secret(`smtp://holdfast:${smtpPassword}@127.0.0.1:${port}`),
      from: "Wallets <wallets@example.com>",
    },
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}

/** The path of the link in a mail, whose lines may be broken by the encoding. */
const linkIn = (text: string): string => {
  const plain = text.replaceAll("=\r\n", "").replaceAll("=3D", "=");
  return (
    /https:\/\/wallets\.example\.com\/sync(\/api\/3\/verify\?verifyToken=[0-9a-f]{64})/.exec(
      plain,
    )?.[1] ?? ""
  );
};

describe("SMTP", () => {
  test("[P3-22] delivers a mail with a link below the public address, and the link verifies", async () => {
    const smtp = await startSmtpServer();
    const server = await startServer(smtp.settings);
    expect((await server.signUp("Joe@example.com")).status).toBe(201);
    const [mail] = smtp.received;
    expect(mail).toMatchObject({ from: "wallets@example.com", to: ["Joe@example.com"] });
    expect(mail?.text).toContain("From: Wallets <wallets@example.com>");
    expect(mail?.text).toContain("Subject: Verify your address for wallets.example.com");
    expect((await server.get(linkIn(mail?.text ?? ""))).status).toBe(200);
    await server.close();
    await smtp.close();
  });

  test("[P3-22] an address cannot name a second recipient", async () => {
    const smtp = await startSmtpServer();
    const server = await startServer(smtp.settings);
    const odd = "a,b@example.com";
    expect((await server.signUp(odd)).status).toBe(400);
    await server.signUp("joe{b}@example.com");
    expect(smtp.received.map(({ to }) => to)).toEqual([["joe{b}@example.com"]]);
    await server.close();
    await smtp.close();
  });

  test("[P3-22] a mail that cannot be sent is a 502, the account is kept, and [P3-53] the mail can be had later", async () => {
    const smtp = await startSmtpServer();
    const server = await startServer(smtp.settings);
    const email = "joe@refused.example";
    const refused = {
      status: 502,
      body: {
        error:
          "Bad Gateway: The account is there, but its verification mail could not be sent. Ask for it again.",
      },
    };
    expect(await server.signUp(email)).toMatchObject(refused);
    expect((await server.signUp(email)).status).toBe(409);
    // [P3-54] asking again fails as long as mails do.
    expect(await server.post(endpoints3.resendVerification, { email })).toMatchObject(refused);
    const logIn = await server.post(endpoints3.logIn, { email, password, deviceId: "d" });
    expect(logIn.body).toEqual({ error: "Unauthorized: Account is not verified" });
    expect((await server.get("/metrics")).text).toContain(
      'wallet_sync_error_count{error_type="mail"} 2',
    );
    expect(server.output()).toContain("a verification mail could not be sent");
    expect(server.output()).not.toContain("refused.example");
    expect(server.output()).not.toContain(smtpPassword);
    await server.close();
    await smtp.close();
  });

  test("[P3-54] a mail server that is down is a 502, and when it is back the mail arrives", async () => {
    const smtp = await startSmtpServer();
    const { port } = new URL((smtp.settings as { url: Secret }).url.reveal());
    await smtp.close();
    const server = await startServer(smtp.settings);
    expect((await server.signUp("joe@example.com")).status).toBe(502);
    const back = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS", "AUTH"] });
    const received = new Promise<string>((resolve) => {
      back.onData = (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          resolve(Buffer.concat(chunks).toString());
          done();
        });
      };
    });
    await once(back.listen(Number(port), "127.0.0.1"), "listening");
    const resent = await server.post(endpoints3.resendVerification, { email: "joe@example.com" });
    expect(resent.status).toBe(200);
    expect((await server.get(linkIn(await received))).status).toBe(200);
    await server.close();
    await new Promise<void>((resolve) => back.close(() => resolve()));
  });
});

describe("Mailgun", () => {
  interface Call {
    readonly path: string | undefined;
    readonly authorization: string | undefined;
    readonly form: Record<string, string>;
  }

  /** Stands in for Mailgun's HTTP API and answers with `status`. */
  async function startMailgun(status: () => number): Promise<{
    readonly calls: Call[];
    readonly settings: MailSettings;
    readonly http: Server;
  }> {
    const calls: Call[] = [];
    const http = createServer((request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        calls.push({
          path: request.url,
          authorization: request.headers.authorization,
          form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
        });
        response
          .writeHead(status(), { location: "/elsewhere" })
          .end('{"message":"joe@example.com"}');
      });
    });
    await once(http.listen(0, "127.0.0.1"), "listening");
    const { port } = http.address() as AddressInfo;
    return {
      calls,
      http,
      settings: {
        type: "mailgun",
        apiUrl: `http://127.0.0.1:${port}`,
        sendingDomain: "mg.example.com",
        apiKey: new Secret(apiKey),
        from: "wallet-sync@mg.example.com",
      },
    };
  }

  test("[P3-22] gets the mail with its key, for the sending domain", async () => {
    const mailgun = await startMailgun(() => 200);
    const server = await startServer(mailgun.settings);
    expect((await server.signUp("joe+1@example.com")).status).toBe(201);
    const [call] = mailgun.calls;
    expect(call).toMatchObject({
      path: "/v3/mg.example.com/messages",
      authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}`,
      form: { from: "wallet-sync@mg.example.com", to: "joe+1@example.com" },
    });
    expect((await server.get(linkIn(call?.form["text"] ?? ""))).status).toBe(200);
    await server.close();
    mailgun.http.close();
  });

  test.each([401, 500, 302])(
    "[P3-22] whose answer is %i has not taken the mail",
    async (status) => {
      const mailgun = await startMailgun(() => status);
      const server = await startServer(mailgun.settings);
      expect((await server.signUp("joe@example.com")).status).toBe(502);
      expect(mailgun.calls).toHaveLength(1);
      expect(server.output()).not.toContain(apiKey);
      expect(server.output()).not.toContain("joe@example.com");
      await server.close();
      mailgun.http.close();
    },
  );

  test("[P3-22] that cannot be reached has not taken the mail", async () => {
    const mailgun = await startMailgun(() => 200);
    mailgun.http.close();
    await once(mailgun.http, "close");
    const server = await startServer(mailgun.settings);
    expect((await server.signUp("joe@example.com")).status).toBe(502);
    await server.close();
  });
});
