/** `length` unpredictable bytes; in browsers and Node `crypto.getRandomValues`, in tests a seeded stream. */
export type RandomBytes = (length: number) => Uint8Array;
