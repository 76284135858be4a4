import type { OrderLine } from "./order.ts";

export function lineTotal(line: OrderLine): number {
  return line.quantity * line.unitPrice;
}

export function subtotal(lines: readonly OrderLine[]): number {
  return lines.map(lineTotal).reduce((sum, amount) => sum + amount);
}
