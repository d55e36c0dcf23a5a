/**
 * For tests: a protocol-4 device with real keys and OPAQUE, as plain as can be. It verifies nothing that a host sends. Its key stretching is
 * cheap, because a host sees nothing of what it costs.
 */
import { randomBytes as nodeRandomBytes } from "node:crypto";
import {
  type ChangedAccount,
  changeCredentials,
  createAccount,
  createRecoveryPhrase,
  type CredentialUpdate,
  generationKeys,
  type Head,
  headOf,
  type HostOrigin,
  type OpaqueClient,
  openSlot,
  parseHostOrigin,
  passwordSlotKey,
  type RecoveryEntropy,
  recoveryReference,
  recoverySlotKey,
  rotateAccount,
  type SealedRevision,
  sealRevision,
  secretOf,
  signCertificate,
  signRequest,
  type UnlockedAccount,
  unlockAccount,
  verifyStates,
  type WalletId,
  hashBytes,
} from "@holdfast/crypto";
import {
  actionOf,
  type CreatedAccountAnswer,
  type Credentials,
  type OpenedSessionAnswer,
  type Operation4,
  operations4,
  path4,
  signedRequestHeaders,
  type StartedRegistrationAnswer,
} from "@holdfast/protocol/protocol-4";
import { loadCheapOpaqueClient } from "../../../../packages/crypto/src/testing/cheap-opaque-client.ts";

export const random = (length: number): Uint8Array => new Uint8Array(nodeRandomBytes(length));
export const randomId = (bytes = 16): string => nodeRandomBytes(bytes).toString("base64url");
export const opaqueClient: OpaqueClient = await loadCheapOpaqueClient();
export const mainWallet = "default" as WalletId;

export interface Answer4 {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface CallOptions {
  readonly values?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, number>>;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Call4 = (operation: Operation4, options?: CallOptions) => Promise<Answer4>;

/** Calls a host's operations. */
export function createCall(url: string): Call4 {
  return async (operation, { values, query, body, token, headers = {} } = {}) => {
    const response = await fetch(`${url}${path4(operation, values, query)}`, {
      method: operation.method,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && {
        body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      }),
    });
    const text = await response.text();
    const parsed = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body: parsed, text };
  };
}

/** The answer's body, which must be a success. */
export function succeeded<Body>(answer: Answer4): Body {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as Body;
}

/** A device that is logged in and unlocked. */
export interface Device4 {
  readonly call: Call4;
  readonly origin: HostOrigin;
  readonly id: string;
  readonly deviceId: string;
  readonly entropy: RecoveryEntropy;
  account: UnlockedAccount;
  token: string;
  head: Head | undefined;
}

interface Registering {
  readonly registrationId: string;
  readonly record: string;
  readonly changed: ChangedAccount;
  readonly entropy: RecoveryEntropy;
  readonly body: Record<string, unknown>;
}

/** OPAQUE's registration and the account's first state, up to the body of `finish`. */
export async function prepareAccount(
  call: Call4,
  origin: HostOrigin,
  id: string,
  password: string,
  deviceId: string,
  opaque = opaqueClient,
): Promise<Registering> {
  const round = opaque.startRegistration(password);
  const started = succeeded<StartedRegistrationAnswer>(
    await call(operations4.startAccount, { body: { id, registration: round.request } }),
  );
  const registered = opaque.finishRegistration(password, round, started.response);
  const entropy = createRecoveryPhrase(random);
  const slots = [
    { key: passwordSlotKey(registered.rootKey), reference: registered.reference },
    { key: recoverySlotKey(entropy), reference: recoveryReference(entropy) },
  ];
  const changed = createAccount(origin, slots, { random, savedAt: Date.now() });
  const { state, slots: texts, keyring } = changed.change;
  const { registrationId } = started;
  const { record } = registered;
  const device = { deviceId, name: `Device ${deviceId}` };
  const body = { registrationId, record, state, slots: texts, keyring, device };
  return { registrationId, record, changed, entropy, body };
}

export async function register(
  url: string,
  id: string,
  password = "correct horse battery",
  deviceId = "laptop",
  origin = parseHostOrigin(url),
  opaque = opaqueClient,
): Promise<Device4> {
  const call = createCall(url);
  const prepared = await prepareAccount(call, origin, id, password, deviceId, opaque);
  const created = succeeded<CreatedAccountAnswer>(
    await call(operations4.finishAccount, { body: prepared.body }),
  );
  const { entropy, changed } = prepared;
  const { token } = created.session;
  return { call, origin, id, deviceId, entropy, account: changed.account, token, head: undefined };
}

/** Both rounds of a login by password; the last answer, and what the password opens. */
export async function tryLogIn(
  url: string,
  id: string,
  password: string,
  { deviceId = "phone", mfaCode }: { readonly deviceId?: string; readonly mfaCode?: string } = {},
) {
  const call = createCall(url);
  const round = opaqueClient.startLogin(password);
  const started = succeeded<{ loginId: string; response: string }>(
    await call(operations4.startSession, { body: { id, login: round.request } }),
  );
  const origin = parseHostOrigin(url);
  const outcome = opaqueClient.finishLogin(password, round, started.response, origin);
  const finish = outcome.type === "opened" ? outcome.finish : randomId(96);
  const device = { deviceId, name: `Device ${deviceId}` };
  const body = { loginId: started.loginId, finish, device };
  const answer = await call(operations4.finishSession, {
    body: mfaCode === undefined ? body : { ...body, mfaCode },
  });
  return { answer, body, outcome };
}

/** Opens an account's credentials by its password. */
export async function logIn(
  device: Pick<Device4, "origin" | "id" | "entropy" | "call">,
  password = "correct horse battery",
  deviceId = "phone",
): Promise<Device4> {
  const { answer, outcome } = await tryLogIn(device.origin, device.id, password, { deviceId });
  const opened = succeeded<OpenedSessionAnswer>(answer);
  if (outcome.type !== "opened") throw new Error("the password opens nothing");
  const account = openCredentials(opened.credentials, passwordSlotKey(outcome.rootKey), "password");
  const { call, origin, id, entropy } = device;
  const { token } = opened.session;
  return { call, origin, id, deviceId, entropy, account, token, head: undefined };
}

export function openCredentials(
  credentials: Credentials,
  key: Parameters<typeof openSlot>[1],
  kind: "password" | "recovery",
): UnlockedAccount {
  const verified = verifyStates({ received: credentials.states });
  if (verified.type !== "verified") throw new Error(verified.type);
  const { newest } = verified;
  const named = newest.slots.find((slot) => slot.kind === kind);
  const text = credentials.slots.find((one) => hashBytes(Buffer.from(one)) === named?.hash);
  const accountKey = openSlot(text ?? "", key, newest);
  return unlockAccount(newest, accountKey, credentials.keyring);
}

/** The revision that this device would push next. */
export function nextRevision(device: Device4, text: string, walletId = mainWallet): SealedRevision {
  const { account } = device;
  const { state, keyring } = account;
  const generation = state.wallets.find((one) => one.walletId === walletId)?.generation ?? 1;
  return sealRevision(
    {
      identity: state.account.identity,
      walletId,
      head: device.head,
      generation,
      epoch: state.epoch,
      deviceId: device.deviceId,
      savedAt: Date.now(),
      content: {
        format: "json",
        document: JSON.stringify({ text }),
        conflicts: "[]",
        retired: "[]",
      },
      keys: generationKeys(secretOf(keyring, walletId, generation)),
    },
    random,
  );
}

export function revisionBody(device: Device4, { header, encryptedWallet }: SealedRevision) {
  const isFirst = device.head === undefined || device.head.generation !== header.generation;
  return {
    header: header.signed,
    encryptedWallet: Buffer.from(encryptedWallet).toString("base64url"),
    ...(isFirst && {
      certificate: signCertificate(device.account, header.walletId, header.generation),
    }),
  };
}

/** Pushes a revision, and takes its header as the head where it was stored. */
export async function push(device: Device4, text: string, walletId = mainWallet): Promise<Answer4> {
  const revision = nextRevision(device, text, walletId);
  const answer = await device.call(operations4.putWallet, {
    values: { walletId },
    token: device.token,
    body: revisionBody(device, revision),
  });
  if (answer.status === 200) device.head = headOf(revision.header);
  return answer;
}

/** Makes a signed request. */
export async function callSigned(
  device: Device4,
  operation: Operation4,
  options: CallOptions = {},
): Promise<Answer4> {
  const { call, token, account, origin } = device;
  const { nonce } = succeeded<{ nonce: string }>(await call(operations4.challenge, { token }));
  const body = options.body === undefined ? "" : JSON.stringify(options.body);
  const signature = signRequest(
    {
      identity: account.state.account.identity,
      host: origin,
      action: actionOf(operation, options.values),
      bodyHash: hashBytes(Buffer.from(body)),
      nonce,
    },
    account.keyring.authoritySeed,
  );
  const headers = {
    ...options.headers,
    [signedRequestHeaders.nonce]: nonce,
    [signedRequestHeaders.signature]: signature,
  };
  return call(operation, { ...options, token, headers });
}

/** A new password slot for `PUT /credentials`, after its first round. */
export async function startPassword(device: Device4, password: string) {
  const round = opaqueClient.startRegistration(password);
  const started = succeeded<StartedRegistrationAnswer>(
    await device.call(operations4.startCredentials, {
      token: device.token,
      body: { registration: round.request },
    }),
  );
  const registered = opaqueClient.finishRegistration(password, round, started.response);
  return {
    slot: { key: passwordSlotKey(registered.rootKey), reference: registered.reference },
    password: { registrationId: started.registrationId, record: registered.record },
  };
}

/** Sends a change of credentials; the device goes on with it where it was applied. */
export async function putChange(
  device: Device4,
  { change, account }: ChangedAccount,
  password?: { readonly registrationId: string; readonly record: string },
): Promise<Answer4> {
  const { state, slots, keyring } = change;
  const answer = await device.call(operations4.putCredentials, {
    token: device.token,
    body: {
      states: [state],
      slots,
      ...(keyring !== undefined && { keyring }),
      ...(password !== undefined && { password }),
    },
  });
  if (answer.status === 200) {
    device.account = account;
    const { session } = answer.body as { session?: { token: string } };
    if (session !== undefined) device.token = session.token;
  }
  return answer;
}

export function update(device: Device4, update: CredentialUpdate): ChangedAccount {
  return changeCredentials(device.account, update, { random, savedAt: Date.now() });
}

export async function changePassword(device: Device4, password: string): Promise<Answer4> {
  const { slot, password: proof } = await startPassword(device, password);
  return putChange(device, update(device, { addSlots: [slot] }), proof);
}

/** Rotates everything; `heads` default to the main wallet's as this device knows it. */
export async function rotate(
  device: Device4,
  password: string,
  heads = new Map([[mainWallet, device.head?.hash ?? null]]),
): Promise<Answer4> {
  const { slot, password: proof } = await startPassword(device, password);
  const rotation = { slots: [slot], heads };
  const changed = rotateAccount(device.account, rotation, { random, savedAt: Date.now() });
  return putChange(device, changed, proof);
}
