/** The composition root: builds every part of the server from its settings, starts it, and stops it in order. */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { type HostOrigin, parseHostOrigin } from "@holdfast/crypto/verify";
import { createAccounts } from "./accounts/accounts.ts";
import { createPasswordHasher } from "./accounts/password-hasher.ts";
import { buildProtocol4 } from "./build-protocol-4.ts";
import { openSetupSecret, setupSecretPath } from "./host-facts/setup-secret.ts";
import { createApp } from "./http/create-app.ts";
import type { SendVerificationMail } from "./http/services.ts";
import { createCredentialLimits } from "./limits/credential-limits.ts";
import { createTokenBuckets } from "./limits/token-buckets.ts";
import { createLog, openStandardOutput, type TextOutput } from "./logging/create-log.ts";
import { createMailTransport } from "./mail/create-mail-transport.ts";
import { composeCodeMail } from "./mail/code-mail.ts";
import { composeVerificationMail } from "./mail/verification-mail.ts";
import type { Mail } from "./mail/verification-mail.ts";
import type { SendCode } from "./mailed-codes/mailed-codes.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { createEventHub } from "./notify/event-hub.ts";
import { createSocketHub } from "./notify/socket-hub.ts";
import { thinOut } from "./revisions/thin-out.ts";
import { ServerError } from "./server-error.ts";
import { createSessions } from "./sessions/sessions.ts";
import type { Settings } from "./settings/settings.ts";
import { openStores } from "./stores/open-stores.ts";
import { removeExpired } from "./stores/remove-expired.ts";
import type { OpenStores } from "./stores/stores.ts";
import { createVerification } from "./verification/verification.ts";
import { createWallets } from "./wallets/wallets.ts";

/** How long things may take, in milliseconds. */
export interface Timing {
  /** Until a request's headers must be complete. */
  readonly headersTimeoutMs: number;
  /** Until a request must be complete. */
  readonly requestTimeoutMs: number;
  /** Longest silence on a connection that is no WebSocket. Longer than the usual proxies' 60 s, so that they hang up first. */
  readonly idleTimeoutMs: number;
  readonly pingIntervalMs: number;
  /** How often the session of an open events socket is looked up. */
  readonly sessionCheckMs: number;
  /** What requests and sockets get to finish in when the server stops. */
  readonly closeTimeoutMs: number;
}

const defaultTiming: Timing = {
  // Node judges by the clock before it reads what has arrived: a process that got no processor for so long answers 408 to requests
  // that were sent at once. So these are longer than any machine should stand still, and a large wallet may take a slow line.
  headersTimeoutMs: 30_000,
  requestTimeoutMs: 150_000,
  idleTimeoutMs: 75_000,
  pingIntervalMs: 30_000,
  sessionCheckMs: 30_000,
  closeTimeoutMs: 5_000,
};

const CLEANING_INTERVAL_MS = 60 * 60 * 1000;

/** What tests put in the place of the real thing. */
export interface ServerParts {
  /** Instead of SQLite in the settings' data directory. */
  readonly stores?: OpenStores;
  /** Gets the log and, in development, the mails. Default: standard output. */
  readonly output?: TextOutput;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly passwordCostLog2?: number;
  readonly timing?: Partial<Timing>;
}

export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Resolves with the reason when the server can store nothing until it is started again: close it, and do that. */
  readonly lost: Promise<ServerError>;
  /** Finishes what was begun, within some seconds; resolves when everything is on disk and let go of. */
  close(): Promise<void>;
}

/** Starts a server. Throws ServerError `data-dir-in-use`, `database-unusable`, `setup-secret-unusable` or `cannot-listen`. */
export async function startServer(
  settings: Settings,
  parts: ServerParts = {},
): Promise<RunningServer> {
  const { clock = Date.now } = parts;
  const output = parts.output ?? openStandardOutput();
  const timing = { ...defaultTiming, ...parts.timing };
  const log = createLog({ ...settings.log, output });
  const dataDir = resolve(settings.dataDir);
  const stores = parts.stores ?? (await openStores({ dataDir }));
  const setup = await openSetupSecret(
    stores.hostFacts,
    settings.opaqueSetup?.reveal(),
    parts.stores === undefined ? setupSecretPath(dataDir) : undefined,
  ).catch(async (error: unknown) => {
    await stores.close();
    throw error;
  });
  const { maxSocketsPerUser } = settings;
  const hub = createSocketHub({ ...timing, maxSocketsPerUser, clock });
  const events = createEventHub({ ...timing, maxSocketsPerUser });
  const metrics = createMetrics(() => hub.size() + events.size());
  const mailTransport = createMailTransport(settings.mail, output);
  let publicUrl = settings.publicUrl ?? "";
  let isStopping = false;

  const send = async (mail: Mail): Promise<{ readonly type: "sent" | "failed" }> => {
    try {
      await mailTransport.send(mail);
      return { type: "sent" };
    } catch (error) {
      log.error({ err: error }, "a verification mail could not be sent");
      metrics.countError("mail");
      return { type: "failed" };
    }
  };
  const sendVerificationMail: SendVerificationMail = (mail) =>
    send(composeVerificationMail(mail, publicUrl));
  const sendCode: SendCode = (mail) => send(composeCodeMail(mail, new URL(publicUrl).host));
  const origin = (): HostOrigin => parseHostOrigin(new URL(publicUrl).origin);

  const rules = { clock, randomBytes, mode: settings.verification, notices: hub };
  const passwordHasher = createPasswordHasher({
    randomBytes,
    ...(parts.passwordCostLog2 === undefined ? {} : { costLog2: parts.passwordCostLog2 }),
  });
  const limits = {
    credentialLimits: createCredentialLimits(settings.credentialLimits, clock),
    mailLimits: createCredentialLimits(settings.mailLimits, clock),
  };
  const protocol4 = await buildProtocol4({
    ...rules,
    stores,
    setup,
    passwordHasher,
    notices: events,
    oldNotices: hub,
    maxWalletBytes: settings.maxWalletBytes,
    maxAccountBytes: settings.maxAccountBytes,
    pushLimit: createTokenBuckets(settings.pushLimit, clock),
    origin,
    sendCode,
  });
  const app = createApp(
    {
      accounts: createAccounts({ ...rules, store: stores.accounts, passwordHasher }),
      sessions: createSessions({
        ...rules,
        accounts: stores.accounts,
        store: stores.sessions,
        passwordHasher,
      }),
      wallets: createWallets({ ...rules, store: stores.wallets }),
      verification: createVerification({
        ...rules,
        accounts: stores.accounts,
        store: stores.verification,
      }),
      ...limits,
      sendVerificationMail,
      sockets: hub,
      counters: metrics,
      metricsText: () => metrics.text(),
      checkReady: async () => {
        if (isStopping) throw new ServerError("stopping", "The server stops.");
        await stores.checkReady();
      },
      log,
    },
    {
      ...protocol4,
      ...limits,
      origin,
      mode: settings.verification.type,
      events,
      counters: metrics,
      log,
    },
    { ...settings, ...timing },
  );

  const cleaning = setInterval(() => void clean(stores, clock(), log), CLEANING_INTERVAL_MS);
  const release = async (): Promise<void> => {
    clearInterval(cleaning);
    mailTransport.close();
    await stores.close();
  };

  const url = await listen(app, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  publicUrl = settings.publicUrl ?? url;
  log.info({ url, mode: settings.verification.type }, "listening");

  const lost = (stores.lost ?? new Promise<never>(() => undefined)).then((error) => {
    log.fatal({ err: error }, "nothing can be stored any more");
    return error;
  });

  let closing: Promise<void> | undefined;
  return {
    url,
    lost,
    close() {
      closing ??= (async () => {
        isStopping = true;
        log.info("stopping");
        const impatience = setTimeout(
          () => app.server.closeAllConnections(),
          timing.closeTimeoutMs,
        );
        await Promise.all([app.close(), hub.close(), events.close()]);
        clearTimeout(impatience);
        await release();
        log.info("stopped");
        output.flushSync?.();
      })();
      return closing;
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: Settings): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "EADDRINUSE"
        ? "another program listens there. Stop it, or choose another port with --port"
        : (cause as Error).message;
    throw new ServerError("cannot-listen", `Cannot listen on ${host}, port ${port}: ${reason}.`, {
      cause,
    });
  }
  const { address, port: actualPort, family } = app.server.address() as AddressInfo;
  const isEverywhere = address === "0.0.0.0" || address === "::";
  if (isEverywhere || address === "127.0.0.1") return `http://localhost:${actualPort}`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${actualPort}`;
}

async function clean(stores: OpenStores, nowMs: number, log: Logger): Promise<void> {
  try {
    log.debug(await removeExpired(stores, nowMs), "removed what had expired");
    const droppedBodies = await thinOut(stores.revisions, nowMs);
    log.debug({ droppedBodies }, "thinned out old revisions");
  } catch (error) {
    log.warn({ err: error }, "could not remove what has expired");
  }
}
