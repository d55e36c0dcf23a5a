import { expect, it } from "vitest";
import { runChaos } from "./chaos/run-chaos.ts";

it("[SYNC-1] [SYNC-30] two agents and their server, killed at random while both devices are edited, lose no edit", async () => {
  const { preferences, ...report } = await runChaos({ seconds: 15, seed: 5 });
  expect(report.edits).toBeGreaterThan(10);
  expect(report.agentKills).toBeGreaterThan(2);
  expect(report.serverKills).toBeGreaterThan(2);
  expect(report.lost).toEqual([]);
  expect(preferences[0]).toEqual(preferences[1]);
  const both = [JSON.stringify("one"), JSON.stringify("two")];
  expect(report.contested).toEqual([both, both]);
});
