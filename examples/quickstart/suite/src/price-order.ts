import type { Order } from "./order.ts";
import { quantityDiscount } from "./quantity-discount.ts";
import { subtotal } from "./subtotal.ts";
import { tax } from "./tax.ts";

/** The suite runs against two releases of the shop, so that two runs in a row differ as they do in real life. */
const release = process.env["SHOP_RELEASE"] === "2" ? import("./release-2/index.ts") : import("./release-1/index.ts");

export interface Price {
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  readonly tax: number;
  readonly total: number;
}

export async function priceOrder(order: Order): Promise<Price> {
  const { shipping, redeemVoucher } = await release;
  const goods = subtotal(order.lines);
  const discount = order.lines.reduce((sum, line) => sum + quantityDiscount(line), 0);
  const delivery = shipping(goods, discount);
  const taxes = tax(goods - discount + delivery, order.country);
  const total = redeemVoucher(goods - discount + delivery + taxes, order.voucher ?? 0);
  return { subtotal: goods, discount, shipping: delivery, tax: taxes, total };
}
