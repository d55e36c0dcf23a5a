import { CryptoError } from "../crypto-error.ts";

/** The code with which a call fails; `none` when it does not, and the error itself when it is not this package's. */
export function codeOf(call: () => unknown): unknown {
  try {
    call();
    return "none";
  } catch (error) {
    return error instanceof CryptoError ? error.code : error;
  }
}

/** The codes with which calls on all these inputs fail, each once. */
export function codesOf<Input>(
  inputs: readonly Input[],
  call: (input: Input) => unknown,
): readonly unknown[] {
  return [...new Set(inputs.map((input) => codeOf(() => call(input))))];
}

/** Like `codeOf`, for calls that answer later. */
export async function codeOfAsync(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
    return "none";
  } catch (error) {
    return error instanceof CryptoError ? error.code : error;
  }
}
