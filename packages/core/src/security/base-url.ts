import { BackrefError } from "../errors/index.ts";
import { isPrivateHost } from "../outgoing/private-addresses.ts";

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
 * what a name resolves to is checked with every connection, see `createOutgoingFetch`.
 *
 * @throws BackrefError `invalid-input` that says what is wrong, without repeating credentials
 */
export function parseBaseUrl(text: string, rules: BaseUrlRules = {}): string {
  // Slashes the other way round and line breaks are read in one way here, and in another elsewhere.
  const url = URL.canParse(text) && !/[\\\s]/.test(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw refused("It must be an absolute https URL, such as https://tracker.example.com.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refused("It contains a user name or password. Put credentials into `auth`; they are encrypted there.");
  }
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text)) {
    throw refused("It must not have a query or a fragment. Give the address of the tracker itself.");
  }
  if (url.hostname.includes("..") || url.hostname.startsWith(".") || url.hostname === "." || url.port === "0") {
    throw refused("Its host or port cannot exist. Give the address of the tracker itself.");
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

function refused(why: string): BackrefError {
  return new BackrefError({
    code: "invalid-input",
    message: `The base URL is not acceptable. ${why}`,
    issues: [{ path: ["baseUrl"], message: why }],
  });
}
