import { BlockList, isIP } from "node:net";
import { BackrefError } from "../errors/index.ts";

export interface BaseUrlRules {
  /**
   * Accept addresses and names that only mean something inside a private network, and plain http there.
   * Leave it off where people you do not trust can configure sources.
   * @default false
   */
  readonly allowPrivateAddresses?: boolean;
}

/**
 * Checks a tracker's base URL and brings it to one form: lower-case host, no trailing slash. Literal addresses only;
 * what a name resolves to is not looked at here.
 *
 * @throws BackrefError `invalid-input` that says what is wrong, without repeating credentials
 */
export function parseBaseUrl(text: string, rules: BaseUrlRules = {}): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw refused("It must be an absolute https URL, such as https://tracker.example.com.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refused("It contains a user name or password. Put credentials into `auth`; they are encrypted there.");
  }
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text)) {
    throw refused("It must not have a query or a fragment. Give the address of the tracker itself.");
  }
  const isPrivate = isPrivateHost(url.hostname);
  if (isPrivate && rules.allowPrivateAddresses !== true) {
    throw refused(
      `"${url.hostname}" belongs to a private network. If your tracker really is there, give createBackref \`allowPrivateAddresses: true\`.`,
    );
  }
  if (url.protocol === "http:" && !isPrivate) {
    throw refused("Plain http would send the credential in clear. Use https.");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** True for loopback, private, link-local, multicast and reserved addresses, and for names that exist only inside a network. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  switch (isIP(host)) {
    case 4:
      return privateAddresses().check(host, "ipv4");
    case 6:
      return privateAddresses().check(host, "ipv6");
    default:
      return !host.includes(".") || /\.(?:localhost|local|internal|intranet|lan|home\.arpa)$/.test(host);
  }
}

const privateIpv4Ranges: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

const privateIpv6Ranges: readonly (readonly [string, number])[] = [
  ["::", 128],
  ["::1", 128],
  // Translation and tunnel prefixes lead wherever the IPv4 address inside does. Mapped ones are checked as IPv4.
  ["64:ff9b::", 96],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
];

let blockList: BlockList | undefined;

function privateAddresses(): BlockList {
  if (blockList === undefined) {
    blockList = new BlockList();
    for (const [network, prefix] of privateIpv4Ranges) blockList.addSubnet(network, prefix, "ipv4");
    for (const [network, prefix] of privateIpv6Ranges) blockList.addSubnet(network, prefix, "ipv6");
  }
  return blockList;
}

function refused(why: string): BackrefError {
  return new BackrefError({
    code: "invalid-input",
    message: `The base URL is not acceptable. ${why}`,
    issues: [{ path: ["baseUrl"], message: why }],
  });
}
