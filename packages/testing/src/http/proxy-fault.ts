import type { Dice } from "../simulation/kernel/dice.ts";

/**
 * What can go wrong with a request on its way through a fault proxy.
 *
 * - `refuse`: the connection is reset, nothing is passed on, and the port stays shut for a while: who comes then is
 *   refused (`ECONNREFUSED`).
 * - `reset-before`: the connection is reset, nothing is passed on.
 * - `reset-after`: the target has answered; the connection is reset all the same.
 * - `late`: the connection is reset; the request is passed on a while later, when nobody waits for it any more.
 * - `bad-gateway`: the target has answered; what arrives is a 502 with a page.
 * - `truncate`: half of the target's answer arrives, then the connection ends.
 * - `delay`: the answer takes a while. A caller who gives up sooner has had its request applied.
 */
export type ProxyFault = "refuse" | "reset-before" | "reset-after" | "late" | "bad-gateway" | "truncate" | "delay";

/** The chance of each fault, per request. Together at most 1; what is absent never happens. */
export type FaultChances = Readonly<Partial<Record<ProxyFault, number>>>;

const faults: readonly ProxyFault[] = [
  "refuse",
  "reset-before",
  "reset-after",
  "late",
  "bad-gateway",
  "truncate",
  "delay",
];

/** The fault that the next request meets; null for none. Takes one number from the dice, whatever comes of it. */
export function drawFault(dice: Pick<Dice, "next">, chances: FaultChances): ProxyFault | null {
  let left = dice.next();
  for (const fault of faults) {
    left -= chances[fault] ?? 0;
    if (left < 0) return fault;
  }
  return null;
}

/** @throws TypeError for chances below 0, or above 1 in sum */
export function checkChances(chances: FaultChances): FaultChances {
  const values = Object.values(chances);
  const sum = values.reduce((total, chance) => total + chance, 0);
  if (values.some((chance) => !(chance >= 0)) || sum > 1) {
    throw new TypeError("Chances of faults are numbers from 0 on, and their sum is at most 1.");
  }
  return chances;
}
