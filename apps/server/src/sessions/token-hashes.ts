/**
 * Hashes the tokens that connections bring. A client that keeps its connection brings the same token with each request,
 * so the last one of each connection is remembered with its hash, for as long as the connection lives. Only the hash
 * is remembered, never what it opens: a session that ends is gone for every connection at once.
 */
import { hashToken, isSecretToken } from "./secret-token.ts";

interface Remembered {
  readonly token: string;
  readonly tokenHash: string;
}

/** The hash of a token from outside; undefined when it cannot be one. `connection` is any object that lives as long as it. */
export type HashTokenOf = (token: string, connection?: object) => string | undefined;

export function createTokenHashes(): HashTokenOf {
  const byConnection = new WeakMap<object, Remembered>();

  return (token, connection) => {
    const last = connection === undefined ? undefined : byConnection.get(connection);
    if (last !== undefined && isSameToken(token, last.token)) return last.tokenHash;
    if (!isSecretToken(token)) return undefined;
    const tokenHash = hashToken(token);
    if (connection !== undefined) byConnection.set(connection, { token, tokenHash });
    return tokenHash;
  };
}

/** Takes as long wherever they differ: behind a proxy, several clients' requests may share a connection. */
function isSameToken(given: string, known: string): boolean {
  if (given.length !== known.length) return false;
  let difference = 0;
  for (let at = 0; at < known.length; at += 1) {
    difference |= given.charCodeAt(at) ^ known.charCodeAt(at);
  }
  return difference === 0;
}
