/** Protocol 4's commands to the writer: each is one transaction's worth, with its compare-and-set. */
import type {
  ChangeIdOutcome,
  CreateHolderOutcome,
  NewHolder,
  StoreChangeOutcome,
  StoredChange,
  StoredUpgrade,
  UpgradeOutcome,
} from "../../../credentials/credential-store.ts";
import type {
  Authorised,
  DeviceSessionStore,
  NewDeviceSession,
  SessionEnded,
} from "../../../devices/device-session-store.ts";
import type {
  AppendedRevisions,
  AppendOutcome,
  BodyPlace,
} from "../../../revisions/revision-store.ts";

import type {
  SecondFactorStore,
  SwitchFactorOutcome,
} from "../../../second-factor/second-factor-store.ts";

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
      readonly by: Authorised;
      readonly id: string;
      readonly emailKey: string;
    }
  | { readonly type: "remove-holder"; readonly by: Authorised }
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
  | { readonly type: "end-other-session"; readonly by: Authorised; readonly sessionId: string }
  | { readonly type: "remove-expired-device-sessions"; readonly nowMs: number }
  | {
      readonly type: "append-revisions";
      readonly userId: number;
      readonly tokenHash: string;
      readonly nowMs: number;
      readonly epoch: number;
      readonly revisions: AppendedRevisions;
      readonly maxBytes?: number | undefined;
      readonly bytes: number;
    }
  | { readonly type: "drop-bodies"; readonly places: readonly BodyPlace[] }
  | {
      readonly type: "enable-second-factor";
      readonly by: Authorised;
      readonly sealedSecret: string;
      readonly step: number;
      readonly codeHashes: readonly string[];
    }
  | { readonly type: "disable-second-factor"; readonly by: Authorised }
  | { readonly type: "use-step"; readonly userId: number; readonly step: number }
  | { readonly type: "use-code"; readonly userId: number; readonly codeHash: string }
  | {
      readonly type: "replace-codes";
      readonly by: Authorised;
      readonly codeHashes: readonly string[];
    }
  | { readonly type: "remember-fact"; readonly name: string; readonly value: string };

export interface CommandOutcomes4 {
  readonly "create-holder": CreateHolderOutcome;
  readonly "change-credentials": StoreChangeOutcome;
  readonly "change-id": ChangeIdOutcome;
  readonly "remove-holder": { readonly type: "removed" } | SessionEnded;
  readonly "upgrade-account": UpgradeOutcome;
  readonly "create-device-session": Awaited<ReturnType<DeviceSessionStore["create"]>>;
  readonly "touch-device-session": null;
  readonly "end-device-session": boolean;
  readonly "end-other-session": Awaited<ReturnType<DeviceSessionStore["endOther"]>>;
  readonly "remove-expired-device-sessions": number;
  readonly "append-revisions": AppendOutcome;
  readonly "drop-bodies": null;
  readonly "enable-second-factor": Awaited<ReturnType<SecondFactorStore["enable"]>>;
  readonly "disable-second-factor": SwitchFactorOutcome;
  readonly "use-step": boolean;
  readonly "use-code": boolean;
  readonly "replace-codes": SwitchFactorOutcome;
  readonly "remember-fact": string;
}
