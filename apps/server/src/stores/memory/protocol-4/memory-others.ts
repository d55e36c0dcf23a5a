import type { HostFactStore } from "../../../host-facts/host-fact-store.ts";
import type { SecondFactorStore } from "../../../second-factor/second-factor-store.ts";
import type { Memory } from "../memory.ts";

export function createMemorySecondFactors({ holders }: Memory): SecondFactorStore {
  return {
    async find(userId) {
      const found = holders.get(userId)?.secondFactor;
      if (found === undefined) return undefined;
      const { sealedSecret, lastStep, codes } = found;
      return { sealedSecret, lastStep, codesLeft: codes.size };
    },
    async enable({ userId, sealedSecret, step, codeHashes }) {
      const held = holders.get(userId);
      if (held === undefined || held.secondFactor !== undefined) return { type: "on-already" };
      held.secondFactor = { sealedSecret, lastStep: step, codes: new Set(codeHashes) };
      return { type: "enabled" };
    },
    async disable(userId) {
      const held = holders.get(userId);
      if (held?.secondFactor === undefined) return false;
      held.secondFactor = undefined;
      return true;
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
    async replaceCodes(userId, codeHashes) {
      const found = holders.get(userId)?.secondFactor;
      if (found === undefined) return false;
      found.codes.clear();
      for (const codeHash of codeHashes) found.codes.add(codeHash);
      return true;
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
