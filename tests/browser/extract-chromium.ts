/** Unpacks the Chromium of the npm package, with the libraries and fonts it needs, into the folder TMPDIR names. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";

const packed = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "../bin");
for (const name of ["al2023.tar.br", "fonts.tar.br", "chromium.br"]) {
  await inflate(join(packed, name));
}
