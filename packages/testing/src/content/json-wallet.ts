import { createJsonFormat } from "@holdfast/wallet/json";
import type { JsonObject, JsonValue } from "@holdfast/wallet/json";
import type { Content } from "@holdfast/wallet/merge";
import type { Desk, SimulatedWallet } from "../simulation/simulated-wallet.ts";
import { changeAt, changeTexts, createFormatWallet, isObject } from "./format-wallet.ts";

/** An app's JSON document: settings nobody declared, a set and an ordered list. `create`: the format under test. */
export function createJsonWallet(
  create: typeof createJsonFormat,
): SimulatedWallet<Content<JsonValue>> {
  return createFormatWallet<JsonValue>({
    format: create({
      schema: { type: "object", fields: { tags: { type: "set" }, queue: { type: "list" } } },
    }),
    change: (desk, document) => change(desk, isObject(document) ? document : new Map()),
    nameOf: () => "",
    keysOf: () => [],
  });
}

export const jsonWallet = createJsonWallet(createJsonFormat);

function change(desk: Desk, document: JsonObject): JsonObject {
  const { random } = desk;
  const kind = random.below(10);
  if (kind < 3) return changeAt(document, ["tags"], (value) => changeTexts(desk, value, false));
  if (kind < 6) return changeAt(document, ["queue"], (value) => changeTexts(desk, value, true));
  const path = ["settings", random.pick(["theme", "language", "player"])];
  return changeAt(document, path, () => (kind === 6 ? undefined : desk.fresh()));
}
