import { describe, expect, it } from "vitest";
import { priceOrder } from "../src/price-order.ts";

describe("total", () => {
  it("rounds half a cent of tax up", async () => {
    const price = await priceOrder({ lines: [{ article: "desk", quantity: 1, unitPrice: 5_050 }], country: "DE" });
    expect(price).toMatchObject({ subtotal: 5_050, tax: 960, total: 6_010 });
  });

  it("is nothing but shipping for an empty order", async () => {
    const price = await priceOrder({ lines: [], country: "DE" });
    expect(price).toMatchObject({ subtotal: 0, discount: 0, shipping: 490 });
  });

  it("never goes below zero when a voucher is worth more", async () => {
    const lines = [{ article: "pen", quantity: 1, unitPrice: 200 }];
    expect((await priceOrder({ lines, country: "DE", voucher: 5_000 })).total).toBe(0);
  });
});
