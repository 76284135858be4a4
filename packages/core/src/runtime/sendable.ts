import { ProviderError } from "../errors/provider-error.ts";
import type { Provider } from "../provider/provider.ts";

/**
 * Refuses a request that must not leave: what the platform says of it would repeat the value, and a value may be a secret.
 *
 * @throws ProviderError `permanent`
 */
export function requireSendable(
  provider: Pick<Provider, "id">,
  input: string | URL | Request,
  init: RequestInit | undefined,
): void {
  const text = typeof input === "object" && "method" in input ? input.url : String(input);
  const problem = urlProblem(text) ?? headerProblem(init?.headers);
  if (problem === null) return;
  throw new ProviderError({
    failure: "permanent",
    providerId: provider.id,
    operation: "send",
    message: `The request was not sent: ${problem}`,
  });
}

function urlProblem(text: string): string | null {
  if (!URL.canParse(text)) return "its address is no URL.";
  const { protocol, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol)) return "its address is neither http nor https.";
  return username === "" && password === "" ? null : "its address has a user name or password in it.";
}

/** Line breaks would begin another header, or another request. */
const unsafeInValue = /[\0\r\n]/;
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;

function headerProblem(headers: RequestInit["headers"]): string | null {
  // A `Headers` has refused such values itself.
  if (headers === undefined || headers instanceof Headers) return null;
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  for (const [name = "", value] of entries) {
    if (!headerName.test(name)) return "the name of one of its headers is not allowed in HTTP.";
    if (unsafeInValue.test(String(value)) || !isLatin1(String(value))) {
      return `its header "${name}" contains a line break or another character that HTTP does not allow there.`;
    }
  }
  return null;
}

function isLatin1(value: string): boolean {
  return Buffer.from(value, "latin1").toString("latin1") === value;
}
