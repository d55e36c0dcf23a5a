/** The preference that says whether the wallet's file is encrypted (LBRY-26). */
import type { JsonObject } from "../json/value.ts";
import { isObject, isTruthy } from "./fields.ts";

export const encryptOnDisk = "encrypt-on-disk";

/** Whether encryption on disk is switched on. */
export function isEncryptOnDisk(preferences: JsonObject): boolean {
  const entry = preferences.get(encryptOnDisk);
  return isObject(entry) && isTruthy(entry.get("value"));
}
