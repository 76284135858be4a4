import type { JsonValue } from "../domain/json.ts";

const replacement = "[redacted]";

/** Shapes of credentials of the trackers we know, and of the headers and URLs they travel in. */
const secretShapes: readonly RegExp[] = [
  // Of apps' installations since 2026: the app's id and a JSON web token.
  /\bghs_\d+_[\w.-]{16,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})/g,
  /\b(?:glpat-|gloas-|glrt-|lin_api_|lin_oauth_|ATATT3|ATCTT3)[\w=.-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g,
];
/** A word that only begins like one is read as well, so that it is not read again from each of its parts. */
const webToken = /\beyJ[\w-]{8,}(\.[\w-]{8,}\.[\w-]*)?/g;
const bearer = /\b(bearer\s+)[\w~+/.=:-]{8,}/gi;
/** "Basic" and "token" are words too: only what no word looks like is taken out after them. */
const basic = /\b([Bb]asic\s+|[Tt]oken\s+)(?=[\w~+/.=:-]*[\dA-Z=])[\w~+/.=:-]{8,}/g;
const namedValue =
  /(["']?(?:access_token|refresh_token|client_secret|private_token|api_?key|password|secret|private-token|x-redmine-api-key)["']?\s*[=:]\s*["']?)(?!(?:true|false|null|-?[\d.]+)\s*[,}\]])[^\s"'&,;{}[\]\\][^\s"'&,;}\\]*/gi;
/** Looks back for the scheme only where one has ended. */
const urlCredentials = /(:\/\/)(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>,\\]+@/gi;

/** Takes credentials out of a text that is going to be logged, stored or shown. Everything else stays as it is. */
export function redactSecrets(text: string): string {
  let clean = text;
  for (const shape of secretShapes) clean = clean.replace(shape, replacement);
  return clean
    .replace(webToken, (found, rest: string | undefined) => (rest === undefined ? found : replacement))
    .replace(bearer, `$1${replacement}`)
    .replace(basic, `$1${replacement}`)
    .replace(namedValue, `$1${replacement}`)
    .replace(urlCredentials, `$1${replacement}@`);
}

const secretNames = /(?:token|password|passphrase|secret|authorization|cookie|api[_-]?key|private[_-]?key)$/i;

/** The same for data: every text in it, and whatever stands under a name that means a secret. Its shape stays. */
export function redactData(data: JsonValue): JsonValue {
  if (typeof data === "string") return redactSecrets(data);
  if (typeof data !== "object" || data === null) return data;
  if (isList(data)) return data.map(redactData);
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      secretNames.test(name) && typeof value === "string" ? replacement : redactData(value),
    ]),
  );
}

function isList(data: JsonValue): data is readonly JsonValue[] {
  return Array.isArray(data);
}
