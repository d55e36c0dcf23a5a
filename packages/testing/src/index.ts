export { rejectedCode, thrownCode } from "./error-code.ts";
export { jsonArbitrary } from "./json-arbitrary.ts";
export { readVectors } from "./vectors.ts";
export type { VectorCase } from "./vectors.ts";
