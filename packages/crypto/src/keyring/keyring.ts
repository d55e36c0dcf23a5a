/**
 * The keyring (P4C-25): everything the accountKey opens. Generations only grow, so that history stays readable; a
 * rotation replaces the authority seed and appends generations.
 */
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { type CanonicalValue, canonicalBytes } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { bytesText, list, record, text } from "../canonical/reader.ts";
import { invalidArgument, malformed } from "../crypto-error.ts";
import type { WalletId } from "../identifiers.ts";
import { limits } from "../limits.ts";
import { Secret } from "../secret/secret.ts";
import type { GenerationSecret } from "../wallet/generation-keys.ts";
import { defaultWalletName, parseWalletName, walletIdOf } from "../wallet/wallet-id.ts";

export interface Keyring {
  readonly authoritySeed: Secret<"authority-seed">;
  readonly nameKey: Secret<"name-key">;
  readonly wallets: readonly KeyringWallet[];
}

export interface KeyringWallet {
  readonly walletId: WalletId;
  readonly name: string;
  /** The secret of generation 1 first. */
  readonly generations: readonly GenerationSecret[];
}

/** A new account's keyring: one wallet, `default`, in its first generation. */
export function createKeyring(random: RandomBytes): Keyring {
  const nameKey = new Secret("name-key", random(32));
  return {
    authoritySeed: new Secret("authority-seed", random(32)),
    nameKey,
    wallets: [createWallet(nameKey, defaultWalletName, random)],
  };
}

/** The keyring with one more wallet. A name that exists already is the caller's mistake. */
export function withWallet(keyring: Keyring, typedName: string, random: RandomBytes): Keyring {
  const wallet = createWallet(keyring.nameKey, parseWalletName(typedName), random);
  if (keyring.wallets.some(({ walletId }) => walletId === wallet.walletId)) {
    throw invalidArgument("There is already a wallet of this name.");
  }
  return { ...keyring, wallets: [...keyring.wallets, wallet] };
}

/** The keyring with a new authority seed and one more generation of each wallet in `walletIds`; the name key stays, wallets keep their ids. */
export function rotated(
  keyring: Keyring,
  walletIds: ReadonlySet<WalletId>,
  random: RandomBytes,
): Keyring {
  return {
    authoritySeed: new Secret("authority-seed", random(32)),
    nameKey: keyring.nameKey,
    wallets: keyring.wallets.map((wallet) =>
      walletIds.has(wallet.walletId)
        ? { ...wallet, generations: [...wallet.generations, generationSecret(random)] }
        : wallet,
    ),
  };
}

/** The secret of one generation of a wallet; throws `invalid-argument` for what the keyring does not hold. */
export function secretOf(
  keyring: Keyring,
  walletId: WalletId,
  generation: number,
): GenerationSecret {
  const wallet = keyring.wallets.find((one) => one.walletId === walletId);
  const secret = wallet?.generations[generation - 1];
  if (secret === undefined) throw invalidArgument("The keyring holds no such generation.");
  return secret;
}

export function encodeKeyring({ authoritySeed, nameKey, wallets }: Keyring): Uint8Array {
  return canonicalBytes({
    v: 4,
    authoritySeed: encodeBase64url(authoritySeed.expose()),
    nameKey: encodeBase64url(nameKey.expose()),
    wallets: wallets.map(({ walletId, name, generations }) => ({
      walletId,
      name,
      secrets: generations.map((secret) => encodeBase64url(secret.expose())),
    })),
  });
}

const readKeyring = record("keyring", {
  v: field.version,
  authoritySeed: bytesText(32),
  nameKey: bytesText(32),
  wallets: list(
    record("wallet", {
      walletId: field.walletId,
      name: text(64),
      secrets: list(bytesText(32), limits.generations),
    }),
    limits.wallets,
  ),
});

/** A keyring from its canonical value; throws `malformed`, also when a wallet's id is not that of its name. */
export function parseKeyring(value: CanonicalValue): Keyring {
  const fields = readKeyring(value);
  const nameKey = new Secret("name-key", parseBase64url(fields.nameKey));
  const wallets = fields.wallets.map(({ walletId, name, secrets }) => {
    if (parseWalletName(name) !== name || walletIdOf(nameKey, name) !== walletId) {
      throw malformed("keyring");
    }
    const generations = secrets.map((one) => new Secret("generation-secret", parseBase64url(one)));
    return { walletId, name, generations };
  });
  const authoritySeed = new Secret("authority-seed", parseBase64url(fields.authoritySeed));
  return { authoritySeed, nameKey, wallets };
}

function createWallet(nameKey: Keyring["nameKey"], name: string, random: RandomBytes) {
  return { walletId: walletIdOf(nameKey, name), name, generations: [generationSecret(random)] };
}

function generationSecret(random: RandomBytes): GenerationSecret {
  return new Secret("generation-secret", random(32));
}
