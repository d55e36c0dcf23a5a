/** Raw calls of protocol 3, as a client without opinions makes them: for tests that look at the wire. */

/** A wallet as it travels. */
export interface WireWallet {
  readonly encryptedWallet: string;
  readonly sequence: number;
  readonly hmac: string;
}

export interface WireAnswer<Body = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly body: Body;
}

export async function postJson(
  url: string,
  path: string,
  body: object,
): Promise<WireAnswer<Record<string, unknown>>> {
  const answer = await fetch(`${url}/api/3${path}`, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

export async function getWallet(url: string, token: string): Promise<WireAnswer<WireWallet>> {
  const answer = await fetch(`${url}/api/3/wallet`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: answer.status, body: (await answer.json()) as WireWallet };
}

/** Signs an account up and logs devices in; answers their tokens. Throws unless the host accepts each call. */
export async function createLoggedInDevices(
  url: string,
  email: string,
  deviceIds: readonly string[],
): Promise<readonly string[]> {
  const password = `password of ${email}`;
  const signUp = await postJson(url, "/signup", {
    email,
    password,
    clientSaltSeed: "5a".repeat(32),
  });
  if (signUp.status !== 201) throw new Error(`sign-up answered ${signUp.status}`);
  const tokens: string[] = [];
  for (const deviceId of deviceIds) {
    const logIn = await postJson(url, "/auth/full", { email, password, deviceId });
    if (logIn.status !== 200) throw new Error(`log-in answered ${logIn.status}`);
    tokens.push(String(logIn.body["token"]));
  }
  return tokens;
}
