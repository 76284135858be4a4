/** All amounts are whole cents. */
export interface OrderLine {
  readonly article: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

export interface Order {
  readonly lines: readonly OrderLine[];
  readonly country: "DE" | "CH";
  /** Value of a voucher in cents, taken off at the end. */
  readonly voucher?: number;
}
