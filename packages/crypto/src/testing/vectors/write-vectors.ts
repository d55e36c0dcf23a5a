import { writeFileSync } from "node:fs";
import { allVectors } from "./all-vectors.ts";

for (const [name, text] of allVectors()) {
  writeFileSync(new URL(`../../../../../vectors/protocol-4/${name}`, import.meta.url), text);
}
