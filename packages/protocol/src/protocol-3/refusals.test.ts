import { expect, test } from "vitest";
import { refusals3, refusalText, statusPhrases, type RefusalCode3 } from "./refusals.ts";

const codes = Object.keys(refusals3) as RefusalCode3[];

test.each(codes)("[P3-3] %s says its status' phrase first", (code) => {
  const refusal = refusals3[code];
  expect(refusalText(refusal).startsWith(statusPhrases[refusal.status])).toBe(true);
});

test("[P3-3] a refusal with a detail has it after a colon, one without has the phrase alone", () => {
  expect(refusalText(refusals3["token-not-found"])).toBe("Unauthorized: Token Not Found");
  expect(refusalText(refusals3["method-not-allowed"])).toBe("Method Not Allowed");
});

test("[P3-3] a 500 has no detail", () => {
  expect(refusals3.internal).toEqual({ status: 500 });
});
