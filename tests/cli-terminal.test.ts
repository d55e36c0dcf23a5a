import { describe, expect, it } from "vitest";
import { wrapLine } from "../apps/cli/src/terminal/wrap.ts";

describe("lines for people", () => {
  it.each([
    ["short", 80, "short"],
    ["one two three", 7, "one two\nthree"],
    ["  one two three", 9, "  one two\n  three"],
    [
      "give it holdfast-pair:eyJkZXZpY2VOYW1lIjoi now",
      12,
      "give it\nholdfast-pair:eyJkZXZpY2VOYW1lIjoi\nnow",
    ],
    ["  /a/path/that/is/too/long/for/it", 12, "  /a/path/that/is/too/long/for/it"],
    ["\u001b[1mbold\u001b[22m and more", 9, "\u001b[1mbold\u001b[22m and\nmore"],
    ["a  table   of  columns", 80, "a  table   of  columns"],
    ["", 80, ""],
  ])("[CLI-45] %j in %i columns", (line, columns, wrapped) => {
    expect(wrapLine(line, columns)).toBe(wrapped);
  });
});
