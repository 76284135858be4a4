/** What is left to pay; a voucher never pays out. */
export function redeemVoucher(amount: number, voucher: number): number {
  return Math.max(0, amount - voucher);
}
