import type { Scrypt } from "@holdfast/client";
import { nativeScrypt } from "@holdfast/client/node";

/** Native scrypt turned down to N = 2⁴, for passwords and blobs alike: the same shape in no time. */
export const cheapScrypt: Scrypt = async (password, salt, { r, p, dkLen }, onProgress) =>
  await nativeScrypt(password, salt, { N: 2 ** 4, r, p, dkLen }, onProgress);
