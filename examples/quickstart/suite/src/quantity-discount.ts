import type { OrderLine } from "./order.ts";
import { lineTotal } from "./subtotal.ts";

/** Ten pieces of one article or more: ten percent off that line. */
export function quantityDiscount(line: OrderLine): number {
  return line.quantity > 10 ? Math.round(lineTotal(line) * 0.1) : 0;
}
