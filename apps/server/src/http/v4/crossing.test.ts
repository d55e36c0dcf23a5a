/** A session that ends between the check of a signed request and its write: nothing is written. */
import { operations4 } from "@holdfast/protocol/protocol-4";
import { expect, test } from "vitest";
import { callSigned, type Device4, logIn, register } from "../../testing/client-4.ts";
import { openMemoryStores, startTestServer } from "../../testing/test-server.ts";
import type { Stores } from "../../stores/stores.ts";

type Crossing = (
  stores: Stores,
  inBetween: () => Promise<void>,
) => Partial<Pick<Stores, "credentials" | "secondFactors" | "devices">>;

const crossings: readonly [
  string,
  Crossing,
  (device: Device4, other: string) => Promise<unknown>,
][] = [
  [
    "deleting the account",
    ({ credentials }, inBetween) => ({
      credentials: {
        ...credentials,
        remove: async (by) => (await inBetween(), credentials.remove(by)),
      },
    }),
    (device) => callSigned(device, operations4.deleteAccount),
  ],
  [
    "changing the address",
    ({ credentials }, inBetween) => ({
      credentials: {
        ...credentials,
        changeId: async (by, id) => (await inBetween(), credentials.changeId(by, id)),
      },
    }),
    (device) => callSigned(device, operations4.changeId, { body: { id: "thief@example.com" } }),
  ],
  [
    "ending another session",
    ({ devices }, inBetween) => ({
      devices: {
        ...devices,
        endOther: async (by, id) => (await inBetween(), devices.endOther(by, id)),
      },
    }),
    (device, sessionId) => callSigned(device, operations4.endSession, { values: { sessionId } }),
  ],
  [
    "turning the second factor off",
    ({ secondFactors }, inBetween) => ({
      secondFactors: {
        ...secondFactors,
        disable: async (by) => (await inBetween(), secondFactors.disable(by)),
      },
    }),
    (device) => callSigned(device, operations4.removeTotp),
  ],
  [
    "new recovery codes",
    ({ secondFactors }, inBetween) => ({
      secondFactors: {
        ...secondFactors,
        replaceCodes: async (by, codes) => (
          await inBetween(),
          secondFactors.replaceCodes(by, codes)
        ),
      },
    }),
    (device) => callSigned(device, operations4.renewRecoveryCodes, { body: {} }),
  ],
];

test.each(crossings)(
  "[P4-44] %s is refused where the session ends before it is written",
  async (_what, cross, ask) => {
    let inBetween = (): Promise<void> => Promise.resolve();
    const stores = openMemoryStores();
    const crossed = { ...stores, ...cross(stores, () => inBetween()) };
    const server = await startTestServer({ stores: crossed });
    try {
      const id = "ann@example.com";
      const device = await register(server.url, id);
      const other = await logIn(device);
      const holder = await stores.credentials.findById(id);
      const userId = holder?.userId ?? 0;
      const sessions = await stores.devices.list(userId, Date.now());
      const [own = "", others = ""] = ["laptop", "phone"].map(
        (deviceId) => sessions.find((one) => one.deviceId === deviceId)?.sessionId,
      );
      // What a rotation and a revocation have in common.
      inBetween = async () => void (await stores.devices.end(userId, own));
      expect(await ask(device, others)).toMatchObject({
        status: 401,
        body: { code: "session-ended" },
      });
      const account = await other.call(operations4.getAccount, { token: other.token });
      expect(account).toMatchObject({ status: 200, body: { id } });
    } finally {
      await server.close();
    }
  },
);
