import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { otherVariables, settingFlags } from "./setting-names.ts";

const guide = readFileSync(new URL("../../../../docs/guide/host.md", import.meta.url), "utf8");

test.each([...settingFlags.map(({ variable }) => variable), ...otherVariables])(
  "[P3-74] the guide to hosting explains %s",
  (variable) => {
    expect(guide).toMatch(new RegExp(`^\\|.*\\| \`${variable}\` +\\|.*\\w.*\\|$`, "m"));
  },
);

test.each(settingFlags)(
  "[P3-74] the guide to hosting names --$flag beside $variable",
  ({ flag, variable }) => {
    expect(guide).toMatch(new RegExp(`^\\| \`--${flag}\` +\\| \`${variable}\``, "m"));
  },
);
