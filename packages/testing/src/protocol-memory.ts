import type { ProtocolMemory } from "@holdfast/client";

/** A device's memory of the accounts it used with protocol 4, as long as a test lasts. */
export function createProtocolMemory(): ProtocolMemory & { readonly names: ReadonlySet<string> } {
  const names = new Set<string>();
  return {
    names,
    has: async (name) => await Promise.resolve(names.has(name)),
    async add(name) {
      names.add(name);
      await Promise.resolve();
    },
  };
}
