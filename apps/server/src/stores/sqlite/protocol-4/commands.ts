/** Protocol 4's commands to the writer: each is one transaction's worth, with its compare-and-set. */
import type {
  CreateHolderOutcome,
  NewHolder,
  StoreChangeOutcome,
  StoredChange,
  StoredUpgrade,
  UpgradeOutcome,
} from "../../../credentials/credential-store.ts";
import type {
  DeviceSessionStore,
  NewDeviceSession,
} from "../../../devices/device-session-store.ts";
import type { AppendedRevisions, AppendOutcome } from "../../../revisions/revision-store.ts";

/** `bytes` is about what a command holds, for the queue's bounds. */
export type Command4 =
  | {
      readonly type: "create-holder";
      readonly holder: NewHolder;
      readonly emailKey: string;
      readonly bytes: number;
    }
  | { readonly type: "change-credentials"; readonly change: StoredChange; readonly bytes: number }
  | {
      readonly type: "change-id";
      readonly userId: number;
      readonly id: string;
      readonly emailKey: string;
    }
  | { readonly type: "remove-holder"; readonly userId: number }
  | { readonly type: "upgrade-account"; readonly upgrade: StoredUpgrade; readonly bytes: number }
  | {
      readonly type: "create-device-session";
      readonly userId: number;
      readonly epoch: number;
      readonly session: NewDeviceSession;
    }
  | {
      readonly type: "touch-device-session";
      readonly tokenHash: string;
      readonly nowMs: number;
      readonly expiresAtMs: number;
    }
  | { readonly type: "end-device-session"; readonly userId: number; readonly sessionId: string }
  | { readonly type: "remove-expired-device-sessions"; readonly nowMs: number }
  | {
      readonly type: "append-revisions";
      readonly userId: number;
      readonly tokenHash: string;
      readonly nowMs: number;
      readonly epoch: number;
      readonly revisions: AppendedRevisions;
      readonly bytes: number;
    }
  | {
      readonly type: "drop-bodies";
      readonly userId: number;
      readonly walletId: string;
      readonly sequences: readonly number[];
    }
  | {
      readonly type: "enable-second-factor";
      readonly userId: number;
      readonly sealedSecret: string;
      readonly step: number;
      readonly codeHashes: readonly string[];
    }
  | { readonly type: "disable-second-factor"; readonly userId: number }
  | { readonly type: "use-step"; readonly userId: number; readonly step: number }
  | { readonly type: "use-code"; readonly userId: number; readonly codeHash: string }
  | {
      readonly type: "replace-codes";
      readonly userId: number;
      readonly codeHashes: readonly string[];
    }
  | { readonly type: "remember-fact"; readonly name: string; readonly value: string };

export interface CommandOutcomes4 {
  readonly "create-holder": CreateHolderOutcome;
  readonly "change-credentials": StoreChangeOutcome;
  readonly "change-id": { readonly type: "changed" } | { readonly type: "id-taken" };
  readonly "remove-holder": null;
  readonly "upgrade-account": UpgradeOutcome;
  readonly "create-device-session": Awaited<ReturnType<DeviceSessionStore["create"]>>;
  readonly "touch-device-session": null;
  readonly "end-device-session": boolean;
  readonly "remove-expired-device-sessions": number;
  readonly "append-revisions": AppendOutcome;
  readonly "drop-bodies": null;
  readonly "enable-second-factor": { readonly type: "enabled" } | { readonly type: "on-already" };
  readonly "disable-second-factor": boolean;
  readonly "use-step": boolean;
  readonly "use-code": boolean;
  readonly "replace-codes": boolean;
  readonly "remember-fact": string;
}
