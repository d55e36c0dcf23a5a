export type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
