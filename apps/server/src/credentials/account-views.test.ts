import {
  encodeBase64url,
  encodeCanonical,
  hashText,
  parseHostOrigin,
} from "@holdfast/crypto/verify";
import { expect, test } from "vitest";
import { newHolder } from "../stores/contract/protocol-4-fixtures.ts";
import { createMemoryStores } from "../stores/memory/memory-stores.ts";
import { createAccountViews } from "./account-views.ts";

const text = (bytes: number, byte: number) => encodeBase64url(new Uint8Array(bytes).fill(byte));

/** A state's text as the host stored it: nobody looks at its signature or its key again. */
function stateText(epoch: number): string {
  return encodeCanonical({
    v: 4,
    epoch,
    ...(epoch === 1 ? { nonce: text(32, 1) } : { parent: hashText(`${epoch - 1}`) }),
    host: parseHostOrigin("https://wallets.example.com"),
    authorityKey: text(32, epoch % 250),
    slots: [{ slotId: text(16, 2), kind: "password", hash: hashText("slot") }],
    keyringHash: hashText("keyring"),
    wallets: [{ walletId: "default", generation: 1 }],
    minVersion: 4,
    savedAt: epoch,
  });
}

test("[P4-98] an account's states are read in slices, and remembered", async () => {
  const { credentials } = createMemoryStores();
  const state = { body: stateText(1), signature: "s" };
  const created = await credentials.create(newHolder("ann", { state }));
  const userId = created.type === "created" ? created.userId : 0;
  const states = Array.from({ length: 999 }, (_, at) => ({
    epoch: at + 2,
    signed: { body: stateText(at + 2), signature: "s" },
  }));
  const change = { userId, tokenHash: undefined, nowMs: 0, epoch: 1, states };
  const pieces = { keptSlotIds: [], newSlots: [], heads: [], revisions: [], endsSessions: false };
  await credentials.change({ ...change, ...pieces });

  const views = createAccountViews(credentials);
  let turns = 0;
  let isOver = false;
  const countTurns = (): void => {
    turns += 1;
    if (!isOver) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  const view = await views.load(userId);
  isOver = true;
  expect(view?.states).toHaveLength(1000);
  expect(view?.newest.epoch).toBe(1000);
  expect(turns).toBeGreaterThan(25);
  expect((await views.load(userId))?.states[0]).toBe(view?.states[0]);
});
