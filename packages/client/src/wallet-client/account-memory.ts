/** The part of a device's store that belongs to the account's protocol. */
import type { AccountMemory } from "../ports/account-source.ts";
import type { HeldStore, StoreSlot } from "../ports/wallet-store.ts";

export async function openMemory(
  store: HeldStore,
): Promise<
  | { readonly type: "memory"; readonly memory: AccountMemory }
  | { readonly type: "unreadable"; readonly detail: string }
> {
  const loaded = await store.load("account");
  if (loaded.type === "unreadable") return loaded;
  const memory: AccountMemory = {
    text: loaded.type === "text" ? loaded.text : null,
    save: async (text) => await store.save("account", text),
    loadPart: async (name) => await store.load(slotOf(name)),
    savePart: async (name, text) => await store.save(slotOf(name), text),
  };
  return { type: "memory", memory };
}

/** A name becomes part of a file's name, so it is nothing but a name. */
function slotOf(name: string): StoreSlot {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(name))
    throw new TypeError("not a name for a part of a memory");
  return `account-${name}`;
}
