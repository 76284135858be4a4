/** What went wrong before a request could leave, for whoever can do something about it. */
const wordsOfCodes: { readonly [code: string]: string } = {
  ...sameWords(
    [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "CERT_SIGNATURE_FAILURE",
    ],
    "its certificate was issued by an authority that is not known here. If that is your own, add its certificate to the source (`caCertificate`).",
  ),
  CERT_HAS_EXPIRED: "its certificate has expired, or that of its authority. Renew it on the tracker's server.",
  CERT_NOT_YET_VALID:
    "its certificate is not valid yet. Check the clock of this machine and the certificate on the tracker's server.",
  CERT_REVOKED: "its certificate was revoked. Renew it on the tracker's server.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "its certificate is for another host name. Use the name it was issued for as the base URL.",
  ...sameWords(
    ["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "EPROTO"],
    "it does not speak TLS at this port, or no version of it that is safe. Check scheme and port of the base URL.",
  ),
};

function sameWords(codes: readonly string[], words: string): { readonly [code: string]: string } {
  return Object.fromEntries(codes.map((code) => [code, words]));
}

const privateAddressAdvice =
  "If the tracker really is there, give createBackref `allowPrivateAddresses: true`; if not, check the name service.";

/** Deeper chains are cut: a cause may point back at its own error. */
const maxDepth = 16;

/** Words that follow "could not be reached:", for a connection that was never made; null for every other error. */
export function connectionProblem(error: unknown): string | null {
  let cause: unknown = error;
  for (let depth = 0; depth < maxDepth && typeof cause === "object" && cause !== null; depth += 1) {
    const { code, message, cause: next } = cause as { code?: unknown; message?: unknown; cause?: unknown };
    if (code === "ERR_PRIVATE_ADDRESS") return `${String(message)} ${privateAddressAdvice}`;
    if (typeof code === "string" && Object.hasOwn(wordsOfCodes, code)) return wordsOfCodes[code] ?? null;
    const refusal = /^Proxy response \((\d{3})\)/.exec(String(message))?.[1];
    if (refusal !== undefined) return proxyWords(refusal);
    cause = next;
  }
  return null;
}

function proxyWords(status: string): string {
  return status === "407"
    ? "the proxy asks for a user name and password (407). Put them into its URL."
    : `the proxy does not let the connection through (${status}). Check its rules for this host.`;
}
