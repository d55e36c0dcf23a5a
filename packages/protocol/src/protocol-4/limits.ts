/** The limits of protocol 4 that every host keeps (P4-2, P4-5). What a host may choose itself is in its `GET /api/4/`. */
export const limits4 = {
  /** Characters of an account's id. */
  idLength: 254,
  /** Characters of a device's name. */
  deviceNameLength: 64,
  /** Bytes of a request's body, where the operation allows no more. */
  bodyBytes: 16 * 1024,
  /** Bytes of a body that carries states, slots and a keyring. */
  credentialBodyBytes: 2 * 1024 * 1024,
  /** Bytes of a body that heals a host: headers by the thousand, and a revision. */
  healingBodyBytes: 12 * 1024 * 1024,
  /** Bytes of a revision's ciphertext, unless the host says otherwise. */
  walletBytes: 1024 * 1024,
  /** Bytes of a pairing message. */
  pairingBytes: 4 * 1024 * 1024,
  /** Objects and arrays of a body within each other. */
  bodyDepth: 16,
  /** Texts, and characters between texts, of a body: far more than 10,000 headers have. */
  bodyPieces: 512 * 1024,
  slots: 32,
  /** States of one change, which is several only where it heals a host. */
  states: 256,
  /** Characters of all of an account's states. */
  statesLength: 8 * 1024 * 1024,
  /** Headers that heal one wallet at once. */
  headers: 10_000,
  wallets: 256,
  /** Headers in one answer. */
  headersPerPage: 500,
  /** Bytes of a message that a client may send over the events socket. */
  socketMessageBytes: 512,
  /** How long the first message of an events socket may take. */
  socketGreetingMs: 10_000,
  /** Of what is begun and has to be finished: registrations, logins, changes. */
  startedMs: 10 * 60 * 1000,
  /** Of a login's first round, and of nonces and tickets. */
  nonceMs: 60 * 1000,
  /** Of nonces, tickets and enrolments that one session or account has at once. */
  begunPerOwner: 32,
  pairingMs: 5 * 60 * 1000,
  /** Of a mailed code. */
  mailedCodeMs: 60 * 60 * 1000,
  /** Guesses at one mailed code. */
  mailedCodeGuesses: 5,
  /** A session ends when it was not used for so long. */
  sessionMs: 90 * 24 * 60 * 60 * 1000,
  recoveryCodes: 10,
} as const;
