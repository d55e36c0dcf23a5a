/** Values of single settings. Each answers the default where the text is missing or wrong, and notes what is wrong. */
import { isIP } from "node:net";
import { logLevels, type LogLevel } from "../logging/create-log.ts";
import type { Limit } from "../limits/credential-limits.ts";
import type { SettingVariable } from "./setting-names.ts";
import type { SettingReader } from "./setting-reader.ts";

export function readInteger(
  reader: SettingReader,
  variable: SettingVariable,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = reader.get(variable);
  if (text === undefined) return fallback;
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  reader.refuse(variable, `must be a whole number from ${min} to ${max}.`);
  return fallback;
}

export function readChoice<Choice extends string>(
  reader: SettingReader,
  variable: SettingVariable,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const text = reader.get(variable);
  if (text === undefined) return fallback;
  const choice = choices.find((one) => one === text);
  if (choice === undefined) reader.refuse(variable, `must be one of: ${choices.join(", ")}.`);
  return choice ?? fallback;
}

export function readLogLevel(reader: SettingReader, fallback: LogLevel): LogLevel {
  return readChoice(reader, "HOLDFAST_LOG_LEVEL", logLevels, fallback);
}

/** A limit as `calls/seconds`. */
export function readLimit(
  reader: SettingReader,
  variable: SettingVariable,
  fallback: Limit,
): Limit {
  const text = reader.get(variable);
  if (text === undefined) return fallback;
  const [, calls, seconds] = /^([1-9][0-9]{0,6})\/([1-9][0-9]{0,6})$/.exec(text) ?? [];
  if (calls !== undefined && seconds !== undefined) {
    return { points: Number(calls), windowMs: Number(seconds) * 1000 };
  }
  reader.refuse(variable, "must be calls/seconds, such as 60/60 for sixty calls a minute.");
  return fallback;
}

/** An address to listen on; `localhost` is the one that every client tries. */
export function readHost(reader: SettingReader): string {
  const text = reader.get("HOLDFAST_HOST") ?? "127.0.0.1";
  if (text === "localhost") return "127.0.0.1";
  if (isIP(text) !== 0) return text;
  reader.refuse(
    "HOLDFAST_HOST",
    "must be an IP address of this machine, such as 127.0.0.1 (this machine only) or 0.0.0.0 (every network).",
  );
  return "127.0.0.1";
}

/** The public address without a slash at the end. */
export function readPublicUrl(reader: SettingReader): string | undefined {
  const text = reader.get("HOLDFAST_PUBLIC_URL");
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === "";
  if (isPlain) return url.href.replace(/\/+$/, "");
  reader.refuse(
    "HOLDFAST_PUBLIC_URL",
    "must be a web address, such as https://wallets.example.com.",
  );
  return undefined;
}

const PROXY_NAMES = new Set(["loopback", "linklocal", "uniquelocal"]);

/** Networks of trusted proxies; never "everyone", since then each client could choose the address it is limited by. */
export function readTrustedProxies(reader: SettingReader): readonly string[] {
  const text = reader.get("HOLDFAST_TRUST_PROXY");
  if (text === undefined || text === "none") return [];
  const proxies = text.split(",");
  if (proxies.every((proxy) => PROXY_NAMES.has(proxy) || isNetwork(proxy))) return proxies;
  reader.refuse(
    "HOLDFAST_TRUST_PROXY",
    "must be none, loopback, linklocal, uniquelocal, or addresses and networks such as 10.0.0.0/8, separated by commas without spaces.",
  );
  return [];
}

function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9][0-9]{0,2}$/.test(prefix) && Number(prefix) <= bits);
}
