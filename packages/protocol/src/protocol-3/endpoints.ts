/** The number that protocol 3 carries in its paths. */
export const PROTOCOL_3 = 3;

/** Where protocol 3 lives on a host, and where the original serves it by default. */
export const PROTOCOL_3_BASE_PATH = "/api/3";

/** The paths of protocol 3, below the host's address. */
export const endpoints3 = {
  signUp: `${PROTOCOL_3_BASE_PATH}/signup`,
  logIn: `${PROTOCOL_3_BASE_PATH}/auth/full`,
  clientSaltSeed: `${PROTOCOL_3_BASE_PATH}/client-salt-seed`,
  wallet: `${PROTOCOL_3_BASE_PATH}/wallet`,
  password: `${PROTOCOL_3_BASE_PATH}/password`,
  verify: `${PROTOCOL_3_BASE_PATH}/verify`,
  resendVerification: `${PROTOCOL_3_BASE_PATH}/verify/resend`,
  websocket: `${PROTOCOL_3_BASE_PATH}/websocket`,
} as const;
