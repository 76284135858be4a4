import type { SecureContext } from "node:tls";

/** The usual authorities (those of Node, and what `NODE_EXTRA_CA_CERTS` adds) and these as well. */
export async function trustedAuthorities(caCertificate: string): Promise<SecureContext> {
  const tls = await import("node:tls");
  // Node has `getCACertificates` since 22.15.
  const usual = (tls as Partial<typeof tls>).getCACertificates?.("default") ?? tls.rootCertificates;
  // An intermediate authority is trusted by itself, without the one that vouches for it.
  return tls.createSecureContext({ ca: [...usual, caCertificate], allowPartialTrustChain: true });
}
