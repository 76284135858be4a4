import { BlockList, isIP } from "node:net";

/** True for loopback, private, link-local, multicast and reserved addresses, and for names that exist only inside a network. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  if (isIP(host) !== 0) return isPrivateAddress(host);
  return !host.includes(".") || /\.(?:localhost|local|internal|intranet|lan|home\.arpa)$/.test(host);
}

/** Whether an IP address, as text, leads into a private or reserved network. What is no address counts as private. */
export function isPrivateAddress(text: string): boolean {
  const address = text.replace(/%.*$/s, "");
  switch (isIP(address)) {
    case 4:
      return blockedRanges().check(address, "ipv4");
    case 6: {
      const translated = translatedAddress(address);
      return blockedRanges().check(address, "ipv6") || (translated !== null && isPrivateAddress(translated));
    }
    default:
      return true;
  }
}

const ipv4Ranges: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Tunnels lead wherever the address inside does, so they are closed as a whole. Mapped addresses are checked as IPv4. */
const ipv6Ranges: readonly (readonly [string, number])[] = [
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

/** Networks without IPv4 reach the rest of the world by it: https://www.rfc-editor.org/rfc/rfc6052#section-2.1 */
const translationPrefix = "64:ff9b::";

function translatedAddress(address: string): string | null {
  const { hostname } = new URL(`http://[${address}]`);
  const compressed = hostname.slice(1, -1);
  if (!compressed.startsWith(translationPrefix)) return null;
  const groups = compressed
    .slice(translationPrefix.length)
    .split(":")
    .map((group) => Number.parseInt(group || "0", 16));
  if (groups.length > 2) return null;
  const [low = 0, high = 0] = groups.toReversed();
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

let blockList: BlockList | undefined;

function blockedRanges(): BlockList {
  if (blockList === undefined) {
    blockList = new BlockList();
    for (const [network, prefix] of ipv4Ranges) blockList.addSubnet(network, prefix, "ipv4");
    for (const [network, prefix] of ipv6Ranges) blockList.addSubnet(network, prefix, "ipv6");
  }
  return blockList;
}
