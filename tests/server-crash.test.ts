import {
  createLoggedInDevices,
  createTemporaryFolder,
  getWallet,
  postJson,
  startServerProcess,
  type WireWallet,
} from "@holdfast/testing";
import { afterAll, describe, expect, it } from "vitest";

const KILLS = 50;
const WRITERS = 16;

/** One account's writer: what was acknowledged to it, and what it had sent when the server died. */
interface Writer {
  readonly name: string;
  readonly token: string;
  acknowledged: WireWallet | undefined;
  inFlight: WireWallet | undefined;
}

/** Writes until the server is gone; calls `onAcknowledged` after each wallet that was acknowledged. */
async function writeUntilDeath(
  url: string,
  writer: Writer,
  onAcknowledged: () => void,
): Promise<void> {
  for (;;) {
    const sequence = (writer.acknowledged?.sequence ?? 0) + 1;
    const wallet = {
      encryptedWallet: `${writer.name} ${sequence} ${"y".repeat(3000)}`,
      sequence,
      hmac: `hmac of ${writer.name}`,
    };
    writer.inFlight = wallet;
    const answer = await postJson(url, "/wallet", { token: writer.token, ...wallet }).catch(
      () => undefined,
    );
    if (answer === undefined) return;
    expect(answer).toEqual({ status: 200, body: wallet });
    writer.acknowledged = wallet;
    writer.inFlight = undefined;
    onAcknowledged();
  }
}

describe("a server that is killed under write load", () => {
  const folder = createTemporaryFolder();
  afterAll(() => folder.remove());

  it(`[P3-33] has every acknowledged wallet after each of ${KILLS} kill -9`, async () => {
    const first = await startServerProcess({ dataDir: folder.path });
    const writers: Writer[] = await Promise.all(
      Array.from({ length: WRITERS }, async (_, index) => {
        const [token = ""] = await createLoggedInDevices(first.url, `crash-${index}@example.com`, [
          "device",
        ]);
        return { name: `writer ${index}`, token, acknowledged: undefined, inFlight: undefined };
      }),
    );
    await first.kill();

    let acknowledged = 0;
    let survivedUnheard = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const server = await startServerProcess({ dataDir: folder.path });
      for (const writer of writers) {
        const { status, body } = await getWallet(server.url, writer.token);
        const found = status === 404 ? undefined : body;
        // Either what was acknowledged, or what had been sent and was stored though its answer never arrived.
        expect([writer.acknowledged, writer.inFlight]).toContainEqual(found);
        if (found?.sequence !== writer.acknowledged?.sequence) survivedUnheard += 1;
        writer.acknowledged = found;
        writer.inFlight = undefined;
      }
      // Between 1 and 97 acknowledgements into the load, another number each time.
      const killAt = acknowledged + 1 + ((kill * 37) % 97);
      let killed: Promise<void> | undefined;
      await Promise.all(
        writers.map((writer) =>
          writeUntilDeath(server.url, writer, () => {
            acknowledged += 1;
            if (acknowledged >= killAt) killed ??= server.kill();
          }),
        ),
      );
      await killed;
    }
    expect(acknowledged).toBeGreaterThan(KILLS);
    process.stdout.write(
      `${acknowledged} wallets acknowledged over ${KILLS} kills; ${survivedUnheard} more survived unheard\n`,
    );
  }, 300_000);
});
