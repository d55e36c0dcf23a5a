/**
 * How an account makes addresses (LBRY-15): one single address, or two chains with a gap and a number of uses each.
 */
import type { JsonObject, JsonValue } from "../json/value.ts";
import { isNumber, isObject, objectOf, wrongType } from "./fields.ts";
import { WalletError } from "./wallet-error.ts";

interface AddressChainLimits {
  /** How many unused addresses in a row end the search. */
  readonly gap: bigint | number;
  readonly maximumUses: bigint | number;
}

export type AddressGenerator =
  | { readonly type: "single-address" }
  | {
      readonly type: "deterministic-chain";
      readonly receiving: AddressChainLimits;
      readonly change: AddressChainLimits;
    };

const defaultReceiving: AddressChainLimits = { gap: 20n, maximumUses: 1n };
const defaultChange: AddressChainLimits = { gap: 6n, maximumUses: 1n };

/** An account's `address_generator`, with the SDK's defaults where it is silent; throws `malformed-wallet`. */
export function parseAddressGenerator(value: JsonValue | undefined): AddressGenerator {
  const fields = objectOf(value ?? new Map(), "an account's address_generator");
  const type = fields.get("name") ?? "deterministic-chain";
  if (type === "single-address") return { type };
  if (type !== "deterministic-chain") {
    throw new WalletError(
      "malformed-wallet",
      "An account makes its addresses in a way that LBRY does not know, so it cannot be loaded.",
    );
  }
  return {
    type,
    receiving: parseChain(fields, "receiving", defaultReceiving),
    change: parseChain(fields, "change", defaultChange),
  };
}

function parseChain(
  fields: JsonObject,
  name: string,
  defaults: AddressChainLimits,
): AddressChainLimits {
  if (!fields.has(name)) return defaults;
  const chain = objectOf(fields.get(name), `an account's ${name} chain`);
  const gap = chain.get("gap");
  const maximumUses = chain.get("maximum_uses_per_address");
  if (chain.size !== 2 || !isNumber(gap) || !isNumber(maximumUses)) {
    throw wrongType(`an account's ${name} chain`, "a gap and a maximum of uses");
  }
  return { gap, maximumUses };
}

/** The field as the SDK writes it. */
export function formatAddressGenerator(generator: AddressGenerator): JsonObject {
  if (generator.type === "single-address") return new Map([["name", generator.type]]);
  return new Map<string, JsonValue>([
    ["name", generator.type],
    ["receiving", formatChain(generator.receiving)],
    ["change", formatChain(generator.change)],
  ]);
}

function formatChain({ gap, maximumUses }: AddressChainLimits): JsonObject {
  return new Map([
    ["gap", gap],
    ["maximum_uses_per_address", maximumUses],
  ]);
}

/**
 * Takes over what a newer version of the account says, as far as it says it (LBRY-22); throws `malformed-wallet` where the SDK raises:
 * for another kind of generator or unreadable chains.
 */
export function mergeAddressGenerator(
  local: AddressGenerator,
  newer: JsonValue | undefined,
): AddressGenerator {
  const fields = objectOf(newer, "an account's address_generator");
  if (fields.get("name") !== local.type) {
    throw new WalletError(
      "malformed-wallet",
      "The same account makes its addresses in two different ways in the two wallets.",
    );
  }
  if (local.type === "single-address") return local;
  return {
    type: local.type,
    receiving: mergeChain(local.receiving, fields, "receiving"),
    change: mergeChain(local.change, fields, "change"),
  };
}

function mergeChain(
  local: AddressChainLimits,
  fields: JsonObject,
  name: string,
): AddressChainLimits {
  if (!fields.has(name)) return local;
  const chain = fields.get(name);
  if (!isObject(chain)) throw wrongType(`an account's ${name} chain`, "an object");
  const gap = chain.get("gap") ?? local.gap;
  const maximumUses = chain.get("maximum_uses_per_address") ?? local.maximumUses;
  if (!isNumber(gap) || !isNumber(maximumUses)) {
    throw wrongType(`an account's ${name} chain`, "a gap and a maximum of uses");
  }
  return { gap, maximumUses };
}
