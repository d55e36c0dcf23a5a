/**
 * JSON without loss, as Python's `json` module sees it: what an ordinary `JSON.parse` would fold together
 * (1 and 1.0, big integers, the order of integer-like keys, `__proto__`, NaN) stays apart, because LBRY's
 * wallet hash depends on it (LBRY-1).
 *
 * - an integer literal is a `bigint`, any other number a `number` (NaN and the infinities included)
 * - an object is a `Map` in order of first appearance; a repeated key keeps its place and takes the last value
 * - values are never changed in place: every operation returns new ones
 */
export type JsonValue = null | boolean | bigint | number | string | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export type JsonObject = ReadonlyMap<string, JsonValue>;
