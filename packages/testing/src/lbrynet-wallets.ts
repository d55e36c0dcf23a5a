/** The wallets of the stand-in daemon and the methods of its JSON-RPC that concern syncing. */
import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nativeScrypt } from "@holdfast/client/node";
import {
  applySync,
  hashSdkWallet,
  type JsonObject,
  type JsonValue,
  openSdkWallet,
  parsePreferenceText,
  saveSdkWallet,
  type SdkWallet,
  unlockSdkWallet,
  WalletError,
  type WalletErrorCode,
} from "@holdfast/wallet/lbry";

/** An error as the daemon names it: `name` is its Python class. */
export class DaemonError extends Error {
  override readonly name: string;
  readonly code: number;

  constructor(name: string, message: string, code = -32500) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

interface Options {
  readonly walletsFolder: string;
  readonly walletIds: readonly string[];
  readonly passwords?: Readonly<Record<string, string>>;
  readonly now: () => number;
}

type Method = (id: string, params: JsonObject) => JsonValue | Promise<JsonValue>;

export class LbrynetWallets {
  readonly #options: Options;
  readonly #wallets = new Map<string, SdkWallet>();
  readonly #methods: Readonly<Record<string, Method>> = {
    wallet_list: () => this.#list(),
    wallet_status: (id) => this.#status(id),
    wallet_unlock: (id, params) => this.#unlock(id, params),
    preference_get: (id, params) => this.#getPreference(id, params),
    preference_set: (id, params) => this.#setPreference(id, params),
    sync_hash: (id) => hashSdkWallet(this.#wallet(id)),
    sync_apply: (id, params) => this.#applySync(id, params),
  };

  constructor(options: Options) {
    this.#options = options;
    for (const id of options.walletIds) {
      const file = readFileSync(join(options.walletsFolder, id), "utf8");
      const wallet = openSdkWallet(file, options.now());
      this.#wallets.set(id, { ...wallet, password: options.passwords?.[id] });
    }
  }

  /** The method's result; rejects with a `DaemonError`. */
  async perform(method: string, params: JsonObject): Promise<JsonValue> {
    const perform = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (perform === undefined) {
      throw new DaemonError("ValueError", `Invalid method requested: ${method}.`, -32601);
    }
    const id = textOf(params, "wallet_id") ?? this.#options.walletIds[0] ?? "";
    try {
      return await perform(id, params);
    } catch (error) {
      throw error instanceof WalletError ? asDaemonError(error) : error;
    }
  }

  #wallet(id: string): SdkWallet {
    const wallet = this.#wallets.get(id);
    if (wallet !== undefined) return wallet;
    throw new DaemonError("WalletNotLoadedError", `Wallet ${id} is not loaded.`);
  }

  #list(): JsonValue {
    const items = [...this.#wallets].map(
      ([id, { name }]): JsonObject =>
        new Map([
          ["id", id],
          ["name", name],
        ]),
    );
    return new Map<string, JsonValue>([
      ["items", items],
      ["page", 1n],
      ["page_size", 20n],
      ["total_items", BigInt(items.length)],
      ["total_pages", 1n],
    ]);
  }

  #status(id: string): JsonValue {
    const wallet = this.#wallet(id);
    const isLocked = wallet.accounts.some((account) => account.isEncrypted);
    return new Map<string, JsonValue>([
      ["is_encrypted", isLocked || valueOf(wallet, "encrypt-on-disk") === true],
      ["is_syncing", false],
      ["is_locked", isLocked],
    ]);
  }

  #unlock(id: string, params: JsonObject): JsonValue {
    const password = requireText(params, "password");
    this.#wallets.set(id, unlockSdkWallet(this.#wallet(id), password));
    return true;
  }

  #getPreference(id: string, params: JsonObject): JsonValue {
    const wallet = this.#wallet(id);
    const key = textOf(params, "key");
    const keys = key !== undefined ? [key] : [...wallet.preferences.keys()];
    const values = keys.flatMap((name): [string, JsonValue][] => {
      const value = valueOf(wallet, name);
      return value === undefined ? [] : [[name, value]];
    });
    return values.length === 0 && key !== undefined ? null : new Map(values);
  }

  #setPreference(id: string, params: JsonObject): JsonValue {
    const wallet = this.#wallet(id);
    const key = requireText(params, "key");
    const given = params.get("value") ?? null;
    const value = typeof given === "string" ? parsePreferenceText(given) : given;
    const entry = new Map<string, JsonValue>([
      ["value", value],
      ["ts", BigInt(Math.floor(this.#options.now()))],
    ]);
    this.#keep(
      id,
      saveSdkWallet(
        { ...wallet, preferences: new Map(wallet.preferences).set(key, entry) },
        this.#saving(),
      ),
    );
    return new Map([[key, value]]);
  }

  async #applySync(id: string, params: JsonObject): Promise<JsonValue> {
    const data = textOf(params, "data");
    const applied = await applySync(this.#wallet(id), {
      ...this.#saving(),
      iv: new Uint8Array(randomBytes(16)),
      scrypt: nativeScrypt,
      password: requireText(params, "password"),
      ...(data !== undefined && { data }),
    });
    this.#keep(id, applied);
    if (applied.outcome.type === "refused") throw applied.outcome.error;
    return new Map([
      ["hash", applied.outcome.hash],
      ["data", applied.outcome.data],
    ]);
  }

  #saving() {
    return { now: this.#options.now(), drawInitVector: () => new Uint8Array(randomBytes(16)) };
  }

  #keep(
    id: string,
    { wallet, file }: { readonly wallet: SdkWallet; readonly file?: string },
  ): void {
    this.#wallets.set(id, wallet);
    if (file === undefined) return;
    const path = join(this.#options.walletsFolder, id);
    writeFileSync(`${path}.tmp`, file, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  }
}

function textOf(params: JsonObject, name: string): string | undefined {
  const value = params.get(name);
  return typeof value === "string" ? value : undefined;
}

function requireText(params: JsonObject, name: string): string {
  const text = textOf(params, name);
  if (text === undefined) throw new DaemonError("TypeError", `missing argument: ${name}`);
  return text;
}

function valueOf(wallet: SdkWallet, key: string): JsonValue | undefined {
  const entry = wallet.preferences.get(key);
  return entry instanceof Map ? (entry as JsonObject).get("value") : undefined;
}

const classes: Partial<Record<WalletErrorCode, string>> = {
  "invalid-password": "InvalidPasswordError",
  "malformed-json": "JSONDecodeError",
  "wallet-locked": "AssertionError",
};

function asDaemonError({ code, message }: WalletError): DaemonError {
  return new DaemonError(classes[code] ?? "ValueError", message);
}
