import type { LocalFailure } from "../outcomes.ts";
import type { StoreSession } from "./device-ports.ts";
import type { DeviceSettings } from "./device-settings.ts";

/** The profile's lock and its text, which is of either protocol; null: there is none. */
export async function holdProfileText<Outcome>(
  { ports, lockWaitMs }: DeviceSettings,
  work: (session: StoreSession, text: string | null) => Promise<Outcome>,
): Promise<Outcome | LocalFailure> {
  const lock = await ports.store.lock(lockWaitMs);
  if (lock.type === "in-use") return { type: "profile-in-use" };
  const { session } = lock;
  try {
    return await work(session, await session.readProfile());
  } finally {
    await session.release();
  }
}
