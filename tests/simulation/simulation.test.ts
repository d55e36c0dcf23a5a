import * as engine from "@holdfast/client/engine";
import { simulate, testWallet } from "@holdfast/testing";
import { expect, test } from "vitest";

test("[SYNC-30] two devices and an honest host: no edit is lost, all agree, and then there is silence", () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const report = simulate({ seed, devices: 2, steps: 3000 }, testWallet, engine);
    expect(report.failure).toBeNull();
  }
});
