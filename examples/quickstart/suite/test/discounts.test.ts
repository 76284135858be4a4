import { describe, expect, it } from "vitest";
import { priceOrder } from "../src/price-order.ts";

describe("quantity discount", () => {
  it("gives nothing for nine pieces", async () => {
    const price = await priceOrder({ lines: [{ article: "pen", quantity: 9, unitPrice: 200 }], country: "DE" });
    expect(price.discount).toBe(0);
  });

  it("gives ten percent for exactly ten pieces", async () => {
    const price = await priceOrder({ lines: [{ article: "pen", quantity: 10, unitPrice: 200 }], country: "DE" });
    expect(price.discount).toBe(200);
  });

  it("counts each article on its own", async () => {
    const lines = [
      { article: "pen", quantity: 6, unitPrice: 200 },
      { article: "ink", quantity: 6, unitPrice: 500 },
    ];
    expect((await priceOrder({ lines, country: "DE" })).discount).toBe(0);
  });
});
