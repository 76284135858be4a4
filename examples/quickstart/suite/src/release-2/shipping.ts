const FLAT_RATE = 490;
const FREE_FROM = 5_000;

/** Free from 50.00 on, counted after discounts. */
export function shipping(subtotal: number, discount: number): number {
  return subtotal - discount >= FREE_FROM ? 0 : FLAT_RATE;
}
