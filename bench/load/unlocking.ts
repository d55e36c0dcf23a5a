/** The ways in which a device unlocks an account of protocol 4, in Node and in a page alike. */
import { systemClock, systemRandomBytes } from "@holdfast/client/browser";
import {
  type AccountPorts,
  HeldAccount,
  logInByPassword,
  parseAccountRecord,
  setPasscode,
  unlockByPasscode,
} from "@holdfast/client/protocol-4";

export type Unlocking = {
  /** A login on a new device: both rounds of OPAQUE, and opening what comes. */
  password(): Promise<void>;
  passcode(): Promise<void>;
  /** Reading the record of a device without a passcode. */
  stored(): Promise<void>;
};

type Person = { readonly host: string; readonly id: string; readonly password: string };

/** Logs in twice, so that there are a device with a passcode and one without. */
export async function prepareUnlocking({ host, id, password }: Person): Promise<Unlocking> {
  const input = { host: new URL(host), id, password, deviceName: "unlocking" };
  const plain = createDisk();
  const locked = createDisk();
  for (const { ports } of [plain, locked]) {
    const outcome = await logInByPassword(ports, input);
    if (outcome.type !== "logged-in") throw new Error(outcome.type);
  }
  await setPasscode(open(locked), "4711");
  return {
    async password() {
      const outcome = await logInByPassword(createDisk().ports, input);
      if (outcome.type !== "logged-in") throw new Error(outcome.type);
    },
    async passcode() {
      const outcome = await unlockByPasscode(open(locked), "4711");
      if (outcome.type !== "unlocked") throw new Error(outcome.type);
    },
    async stored() {
      if (open(plain).unlocked === null) throw new Error("locked");
      await Promise.resolve();
    },
  };
}

type Disk = { readonly ports: AccountPorts; readonly text: () => string };

function createDisk(): Disk {
  let saved = "";
  const ports: AccountPorts = {
    protocolMemory: {
      has: async () => await Promise.resolve(false),
      add: async () => {
        await Promise.resolve();
      },
    },
    fetch: async (...input) => await fetch(...input),
    clock: systemClock,
    randomBytes: systemRandomBytes,
    timeoutMs: 60_000,
    store: {
      saveAccount: async (text) => {
        saved = text;
        await Promise.resolve();
      },
      loadWallet: async () => await Promise.resolve(null),
      saveWallet: async () => {
        await Promise.resolve();
      },
    },
  };
  return { ports, text: () => saved };
}

function open({ ports, text }: Disk): HeldAccount {
  const read = parseAccountRecord(text());
  if (read.type !== "account") throw new Error(read.detail);
  return new HeldAccount(ports, read.record);
}
