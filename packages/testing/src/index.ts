export { readVectors } from "./vectors.ts";
export type { VectorCase } from "./vectors.ts";
