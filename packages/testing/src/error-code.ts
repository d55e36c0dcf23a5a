/** The `code` of what `run` throws, or "no error"; an error without a code is a defect and goes on. */
export function thrownCode(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return codeOf(error);
  }
  return "no error";
}

/** The `code` of what a promise rejects with, or "no error"; an error without a code is a defect and goes on. */
export function rejectedCode(work: Promise<unknown>): Promise<string> {
  return work.then(() => "no error", codeOf);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string") return code;
  throw error;
}
