/** Seed phrases, keys, account ids and addresses, exchangeable with the LBRY SDK (LBRY-40 to LBRY-48). */
export {
  type AccountKeys,
  type AddressChain,
  deriveAccountId,
  deriveAccountKeys,
  deriveAddresses,
  deriveAddressKey,
  deriveChannelKey,
  type SeedDerivation,
} from "./account-keys.ts";
export { ExtendedKey, masterKeyOfSeed, parseExtendedKey } from "./extended-key.ts";
export { mainnet, type Network, networkOfLedger, regtest, testnet } from "./network.ts";
export { normalizeSeedPhrase } from "./seed-normalization.ts";
export {
  deriveSeedBytes,
  isStandardSeedPhrase,
  isUnlockableSeedPhrase,
  makeSeedPhrase,
  seedPhraseOfNumber,
  seedPhraseToNumber,
  seedVersionHash,
} from "./seed-phrase.ts";
