/** A connection that was not made, because it would have led into a private network. Nothing was sent. */
export class RefusedAddress extends Error {
  override readonly name: string = "RefusedAddress";
  readonly code = "ERR_PRIVATE_ADDRESS";
  readonly hostname: string;
  /** What the name resolved to; null where the host itself says enough. */
  readonly address: string | null;

  constructor(hostname: string, address: string | null) {
    const found = address === null ? "belongs to" : `has the address ${address} now, which belongs to`;
    super(`${hostname} ${found} a private network. Nothing was sent.`);
    this.hostname = hostname;
    this.address = address;
  }
}
