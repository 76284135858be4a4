export { shipping } from "./shipping.ts";
export { redeemVoucher } from "./voucher.ts";
