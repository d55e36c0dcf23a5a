import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { drawPicture, pictures } from "./walkthrough/picture.ts";

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), "utf8");

test.each(pictures)(
  "$file shows what its page says; `npm run walkthrough` draws it anew",
  (picture) => {
    expect(read(picture.file)).toBe(drawPicture(picture, read(picture.page)));
  },
);
