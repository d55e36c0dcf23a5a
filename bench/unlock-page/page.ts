import { prepareUnlocking, type Unlocking } from "../load/unlocking.ts";

export type Insides = {
  readonly prepareUnlocking: typeof prepareUnlocking;
  unlocking?: Unlocking;
};

Object.assign(globalThis, { insides: { prepareUnlocking } satisfies Insides });
