/** Protocol 4's stores over SQLite: reads on this thread through the reading connection, writes through the queue. */
import type { DatabaseSync } from "node:sqlite";
import type { HostFactStore } from "../../../host-facts/host-fact-store.ts";
import type {
  SecondFactorRecord,
  SecondFactorStore,
} from "../../../second-factor/second-factor-store.ts";
import type { Stores } from "../../stores.ts";
import type { WriteQueue } from "../write-queue.ts";
import { createCredentialStore } from "./credential-reader.ts";
import { createDeviceSessionStore } from "./device-session-reader.ts";
import { createRevisionStore } from "./revision-reader.ts";

export type Stores4 = Pick<
  Stores,
  "credentials" | "devices" | "revisions" | "secondFactors" | "hostFacts"
>;

export function createStores4(reader: DatabaseSync, writes: WriteQueue): Stores4 {
  return {
    credentials: createCredentialStore(reader, writes),
    devices: createDeviceSessionStore(reader, writes),
    revisions: createRevisionStore(reader, writes),
    secondFactors: createSecondFactorStore(reader, writes),
    hostFacts: createHostFactStore(reader, writes),
  };
}

function createSecondFactorStore(reader: DatabaseSync, writes: WriteQueue): SecondFactorStore {
  const select = reader.prepare(`
    SELECT sealed_secret AS sealedSecret, last_step AS lastStep,
      (SELECT count(*) FROM recovery_codes WHERE user_id = second_factors.user_id) AS codesLeft
    FROM second_factors WHERE user_id = ?`);
  return {
    async find(userId) {
      const row = select.get(userId) as SecondFactorRecord | undefined;
      return row && { ...row };
    },
    enable: (request) => writes.submit({ type: "enable-second-factor", ...request }),
    disable: (by) => writes.submit({ type: "disable-second-factor", by }),
    useStep: (userId, step) => writes.submit({ type: "use-step", userId, step }),
    useCode: (userId, codeHash) => writes.submit({ type: "use-code", userId, codeHash }),
    replaceCodes: (by, codeHashes) => writes.submit({ type: "replace-codes", by, codeHashes }),
  };
}

function createHostFactStore(reader: DatabaseSync, writes: WriteQueue): HostFactStore {
  const select = reader.prepare("SELECT value FROM host_facts WHERE name = ?");
  return {
    async find(name) {
      return select.get(name)?.["value"] as string | undefined;
    },
    remember: (name, value) => writes.submit({ type: "remember-fact", name, value }),
  };
}
