/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, because whoever has one address of a /64
 * has them all. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. A port, which some proxies put
 * behind the address they forward, is left out: each connection has its own.
 */
import { isIPv6 } from "node:net";

export function clientNetwork(ip: string): string {
  const withoutPort = /^\[(.+)\](?::\d+)?$/.exec(ip)?.[1] ?? ip;
  const address = withoutPort.split("%", 1)[0] ?? withoutPort;
  if (!isIPv6(address)) return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(ip)?.[1] ?? ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];

  const [head = "", tail] = address.split("::");
  const leading = head === "" ? [] : head.split(":");
  const trailing = tail === undefined || tail === "" ? [] : tail.split(":");
  // A dotted IPv4 part at the end stands for two groups.
  const written = leading.length + trailing.length + (address.includes(".") ? 1 : 0);
  const groups = [...leading, ...Array<string>(Math.max(0, 8 - written)).fill("0"), ...trailing];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
