import type { HostFactStore } from "../../../host-facts/host-fact-store.ts";
import type { SecondFactorStore } from "../../../second-factor/second-factor-store.ts";
import type { Memory } from "../memory.ts";
import { mayWrite } from "./memory-devices.ts";

export function createMemorySecondFactors(memory: Memory): SecondFactorStore {
  const { holders } = memory;
  return {
    async find(userId) {
      const found = holders.get(userId)?.secondFactor;
      if (found === undefined) return undefined;
      const { sealedSecret, lastStep, codes } = found;
      return { sealedSecret, lastStep, codesLeft: codes.size };
    },
    async enable({ by, sealedSecret, step, codeHashes }) {
      if (!mayWrite(memory, by)) return { type: "session-ended" };
      const held = holders.get(by.userId);
      if (held === undefined || held.secondFactor !== undefined) return { type: "on-already" };
      held.secondFactor = { sealedSecret, lastStep: step, codes: new Set(codeHashes) };
      return { type: "enabled" };
    },
    async disable(by) {
      if (!mayWrite(memory, by)) return { type: "session-ended" };
      const held = holders.get(by.userId);
      if (held?.secondFactor === undefined) return { type: "off" };
      held.secondFactor = undefined;
      return { type: "done" };
    },
    async useStep(userId, step) {
      const found = holders.get(userId)?.secondFactor;
      if (found === undefined || found.lastStep >= step) return false;
      found.lastStep = step;
      return true;
    },
    async useCode(userId, codeHash) {
      return holders.get(userId)?.secondFactor?.codes.delete(codeHash) ?? false;
    },
    async replaceCodes(by, codeHashes) {
      if (!mayWrite(memory, by)) return { type: "session-ended" };
      const found = holders.get(by.userId)?.secondFactor;
      if (found === undefined) return { type: "off" };
      found.codes.clear();
      for (const codeHash of codeHashes) found.codes.add(codeHash);
      return { type: "done" };
    },
  };
}

export function createMemoryHostFacts({ facts }: Memory): HostFactStore {
  return {
    async find(name) {
      return facts.get(name);
    },
    async remember(name, value) {
      const stored = facts.get(name) ?? value;
      facts.set(name, stored);
      return stored;
    },
  };
}
