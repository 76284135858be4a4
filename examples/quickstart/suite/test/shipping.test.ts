import { describe, expect, it } from "vitest";
import { priceOrder } from "../src/price-order.ts";

describe("shipping", () => {
  it("costs a flat rate below the limit", async () => {
    const price = await priceOrder({ lines: [{ article: "ink", quantity: 2, unitPrice: 500 }], country: "DE" });
    expect(price.shipping).toBe(490);
  });

  it("is free from the limit on", async () => {
    const price = await priceOrder({ lines: [{ article: "desk", quantity: 1, unitPrice: 5_000 }], country: "DE" });
    expect(price.shipping).toBe(0);
  });

  it("counts the limit after discounts", async () => {
    const price = await priceOrder({ lines: [{ article: "lamp", quantity: 11, unitPrice: 480 }], country: "DE" });
    expect(price.shipping).toBe(490);
  });
});
