const RATES = { DE: 0.19, CH: 0.081 };

/** Value-added tax, rounded half up to a whole cent. */
export function tax(amount: number, country: keyof typeof RATES): number {
  return Math.floor(amount * RATES[country]);
}
