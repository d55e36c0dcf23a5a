import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHostOrigin } from "@holdfast/crypto";
import { endpoints3 } from "@holdfast/protocol";
import { operations4 } from "@holdfast/protocol/protocol-4";
import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import {
  callSigned,
  createCall,
  mainWallet,
  nextRevision,
  prepareAccount,
  push,
  randomId,
  register,
  revisionBody,
  succeeded,
  tryLogIn,
} from "../../testing/client-4.ts";
import { startTestServer } from "../../testing/test-server.ts";
import { temporaryDataDir } from "../../stores/contract/open-for-test.ts";

/** Everything below a folder but the setup secret, which lies apart. */
function contents(folder: string): Buffer {
  const names = readdirSync(folder).filter((name) => name !== "opaque-setup");
  return Buffer.concat(names.map((name) => readFileSync(join(folder, name))));
}

/** The ways in which a text may have been written down. */
const spellings = (text: string): readonly Buffer[] => {
  const bytes = Buffer.from(text);
  const forms = [
    text,
    bytes.toString("hex"),
    bytes.toString("base64url"),
    bytes.toString("base64"),
  ];
  return forms.map((form) => Buffer.from(form.replaceAll("=", "")));
};

test("[P4-97] no secret of an account is in the host's files or its log", async () => {
  const dataDir = temporaryDataDir();
  const server = await startTestServer({
    settings: { dataDir, log: { level: "trace", format: "json" } },
  });
  const password = "canary password of Ann";
  const device = await register(server.url, "ann@example.com", password);
  await push(device, "canary wallet text");
  const { token } = device;
  const ticket = (await device.call(operations4.createTicket, { token })).body["ticket"] as string;
  const pairingId = randomId();
  const pairing = await device.call(operations4.startPairing, { body: { pairingId } });
  const totp = succeeded<{ enrolmentId: string; secret: string }>(
    await callSigned(device, operations4.startTotp, { body: {} }),
  );
  const code = new TOTP({ secret: Secret.fromBase32(totp.secret) }).generate();
  const { recoveryCodes } = succeeded<{ recoveryCodes: string[] }>(
    await callSigned(device, operations4.confirmTotp, {
      body: { enrolmentId: totp.enrolmentId, code },
    }),
  );
  await tryLogIn(server.url, device.id, password, { mfaCode: "wrong canary code" });
  await device.call(operations4.getAccount, { token: randomId(32) });
  await server.close();

  const written = Buffer.concat([contents(dataDir), Buffer.from(server.output())]);
  const secrets = [
    password,
    "canary wallet text",
    token,
    ticket,
    pairing.body["claim"] as string,
    totp.secret,
    ...recoveryCodes,
    ...recoveryCodes.map((one) => one.replaceAll("-", "")),
    "wrong canary code",
  ];
  const found = secrets.filter((secret) =>
    spellings(secret).some((spelling) => written.includes(spelling)),
  );
  expect(found).toEqual([]);
  // What must be there shows that the search finds things.
  expect(written.includes("ann@example.com")).toBe(true);
  expect(written.includes(createHash("sha256").update(token).digest("hex"))).toBe(true);
});

test("[P4-90] after an upgrade nothing that protocol 3 kept is left in the file", async () => {
  const dataDir = temporaryDataDir();
  const server = await startTestServer({ settings: { dataDir } });
  const email = "upgrading@example.com";
  const clientSaltSeed = createHash("sha256").update("canary seed").digest("hex");
  const loginPassword = "canary login password";
  await server.post(endpoints3.signUp, { email, password: loginPassword, clientSaltSeed });
  const { body } = await server.post(endpoints3.logIn, {
    email,
    password: loginPassword,
    deviceId: "old",
  });
  const { token } = body as { token: string };
  const wallet = { encryptedWallet: "canary blob ".repeat(900), sequence: 1, hmac: "canary hmac" };
  await server.post(endpoints3.wallet, { token, ...wallet });

  const call = createCall(server.url);
  const origin = parseHostOrigin(server.url);
  const prepared = await prepareAccount(call, origin, email, "a new password", "laptop");
  const { entropy } = prepared;
  const { account } = prepared.changed;
  const device = { call, origin, id: email, deviceId: "laptop", entropy, account, token: "" };
  const revision = nextRevision({ ...device, head: undefined }, "one", mainWallet);
  const upgrade = {
    ...prepared.body,
    loginPassword,
    base: { sequence: 1, hmac: wallet.hmac },
    wallet: revisionBody({ ...device, head: undefined }, revision),
  };
  succeeded(await call(operations4.upgrade, { body: upgrade }));
  await server.close();

  const written = contents(dataDir);
  const canaries = [clientSaltSeed, "canary blob", wallet.hmac, "$scrypt$", loginPassword];
  expect(canaries.filter((canary) => written.includes(canary))).toEqual([]);
  expect(written.includes(email)).toBe(true);
});
