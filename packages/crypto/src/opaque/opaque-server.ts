/**
 * The host's half of OPAQUE (P4C-70, P4C-72 to P4C-74). The setup secret lies apart from the database: without it no record
 * can be tested against a guess. A host does the same work for unknown ids as for known ones.
 */
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { equalBytes } from "../bytes/equal-bytes.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { malformed } from "../crypto-error.ts";
import type { HostOrigin } from "../identifiers.ts";
import { Secret } from "../secret/secret.ts";
import { loadOpaqueLibrary, type OpaqueLibrary } from "./opaque-library.ts";
import { originTag, originTagBytes } from "./origin-tag.ts";
import { unknownIdCredential, unknownIdRecord } from "./unknown-id.ts";

/** OPRF seed (64 bytes), AKE private key (32), public key of null records (32). */
export type OpaqueSetup = Secret<"opaque-setup">;
const setupBytes = 128;
/** Client's key (32), masking key (64), envelope (96). */
const recordBytes = 192;
const finishBytes = 64;

/** What a host keeps of an account's password. */
export interface OpaqueCredential {
  /** 32 bytes as base64url, random at each registration (P4C-74). */
  readonly credentialId: string;
  /** The registration record, 192 bytes as base64url. */
  readonly record: string;
}

export interface StartedLogin {
  /** For the host's memory, 60 seconds at most; single use. */
  readonly state: Secret<"opaque-login">;
  readonly response: string;
}

export interface OpaqueServer {
  /** The answer to a registration's first message. Throws `malformed`. */
  answerRegistration(credentialId: string, request: string): string;
  /** The answer to a login's first message; `credential` is undefined for an unknown id. `id` is in its normalised form. Throws `malformed`. */
  answerLogin(id: string, credential: OpaqueCredential | undefined, request: string): StartedLogin;
  /** Whether a login's last message proves the password, for this host's origin. */
  finishLogin(state: Secret<"opaque-login">, finish: string, origin: HostOrigin): boolean;
}

/** Loads the library (WebAssembly) with a host's setup secret; throws `malformed` for another kind of secret. */
export async function loadOpaqueServer(setup: OpaqueSetup): Promise<OpaqueServer> {
  const { server } = await loadOpaqueLibrary();
  const serverSetup = encodeBase64url(setup.expose());
  readable("setup secret", () => server.getPublicKey(serverSetup));
  const unknownRecord = unknownIdRecord(setup);
  return {
    answerRegistration: (credentialId, registrationRequest) =>
      readable("registration request", () =>
        server.createRegistrationResponse({
          serverSetup,
          userIdentifier: credentialId,
          registrationRequest,
        }),
      ).registrationResponse,
    answerLogin: (id, credential, startLoginRequest) => {
      const unknown = unknownIdCredential(setup, id);
      const { serverLoginState, loginResponse } = readable("login request", () =>
        server.startLogin({
          serverSetup,
          userIdentifier: credential?.credentialId ?? unknown,
          registrationRecord: credential?.record ?? unknownRecord,
          startLoginRequest,
        }),
      );
      const state = new Secret("opaque-login", parseBase64url(serverLoginState));
      return { state, response: loginResponse };
    },
    finishLogin: (state, finish, origin) => finishLogin(server, state, finish, origin),
  };
}

/** A new host's setup secret, drawn by the library. */
export async function createOpaqueSetup(): Promise<OpaqueSetup> {
  const { server } = await loadOpaqueLibrary();
  return parseOpaqueSetup(server.createSetup());
}

/** A setup secret from its text, as a file or an environment variable holds it; throws `malformed`. */
export function parseOpaqueSetup(text: string): OpaqueSetup {
  return new Secret("opaque-setup", parseBase64url(text.trim(), setupBytes));
}

/** A credential id for one registration. */
export function createCredentialId(random: RandomBytes): string {
  return encodeBase64url(random(32));
}

/** A registration record's bytes; throws `malformed`. */
export function parseOpaqueRecord(text: string): Uint8Array {
  return parseBase64url(text, recordBytes);
}

function finishLogin(
  server: OpaqueLibrary["server"],
  state: Secret<"opaque-login">,
  finish: string,
  origin: HostOrigin,
): boolean {
  try {
    const bytes = parseBase64url(finish, finishBytes + originTagBytes);
    const { sessionKey } = server.finishLogin({
      serverLoginState: encodeBase64url(state.expose()),
      finishLoginRequest: encodeBase64url(bytes.subarray(0, finishBytes)),
    });
    return equalBytes(originTag(parseBase64url(sessionKey), origin), bytes.subarray(finishBytes));
  } catch {
    return false;
  }
}

/** The library throws for messages it cannot read; its texts are not for people. */
function readable<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch {
    throw malformed(what);
  }
}
