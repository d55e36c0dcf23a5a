import { nativeScrypt } from "@holdfast/client/node";
import type { Scrypt } from "@holdfast/client";

/** Native scrypt with the 2²⁰ of a password's derivation turned down to 2⁴: the same shape in no time. */
export const cheapScrypt: Scrypt = async (password, salt, params, onProgress) =>
  await nativeScrypt(
    password,
    salt,
    params.N === 2 ** 20 ? { ...params, N: 2 ** 4 } : params,
    onProgress,
  );
