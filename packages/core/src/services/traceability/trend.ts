import { z } from "zod";
import { invalidInput, parseInput } from "../../input/parse-input.ts";
import { createDayOf, dateOfDay, dayNumber, mondayOf } from "./calendar.ts";
import type { DefectHistory, DefectTrend, TrendPeriod, TrendWindow } from "./trend-types.ts";

const mostPeriods = 1_000;

const trendWindow = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  every: z.enum(["day", "week"]),
  timeZone: z.string().min(1).max(100),
});

/** Counts histories one by one; only the figures are kept. */
export interface TrendCounter {
  /** First day, as `dayOf` numbers them. */
  readonly firstDay: number;
  dayOf(at: number): number;
  add(history: DefectHistory): void;
  result(): DefectTrend;
}

/** @throws BackrefError `invalid-input` */
export function createTrendCounter(request: TrendWindow): TrendCounter {
  const { from, to, every, timeZone } = parseInput(trendWindow, request, "request");
  const dayOf = dayOfZone(timeZone);
  const [firstDay, lastDay] = [dayNumber(from), dayNumber(to)];
  if (lastDay < firstDay) throw invalidInput("request", [{ path: ["to"], message: "must not be before `from`" }]);
  const length = every === "day" ? 1 : 7;
  const beginOf = every === "day" ? (day: number) => day : mondayOf;
  const indexOf = (day: number) => (beginOf(day) - beginOf(firstDay)) / length;
  const count = indexOf(lastDay) + 1;
  if (count > mostPeriods) {
    throw invalidInput("request", [
      { path: ["to"], message: `at most ${mostPeriods} periods; ask for weeks or for less` },
    ]);
  }
  const counts = Array.from({ length: count }, () => ({ opened: 0, closed: 0, reopened: 0 }));
  let openBefore = 0;
  const happened = (at: number, kind: "opened" | "closed" | "reopened") => {
    const day = dayOf(at);
    if (day > lastDay) return;
    const period = counts[indexOf(day)];
    if (day < firstDay || period === undefined) openBefore += kind === "closed" ? -1 : 1;
    else period[kind] += 1;
  };
  return {
    firstDay,
    dayOf,
    add({ createdAt, isOpen: wasOpen, changes }) {
      if (wasOpen) happened(createdAt, "opened");
      let isOpen = wasOpen;
      for (const change of changes) {
        if (change.isOpen === isOpen) continue;
        isOpen = change.isOpen;
        happened(change.at, isOpen ? "reopened" : "closed");
      }
    },
    result() {
      let open = openBefore;
      const periods = counts.map((period, index): TrendPeriod => {
        open += period.opened + period.reopened - period.closed;
        const begin = beginOf(firstDay) + index * length;
        return {
          from: dateOfDay(Math.max(begin, firstDay)),
          to: dateOfDay(Math.min(begin + length - 1, lastDay)),
          ...period,
          open,
        };
      });
      return { openBefore, periods };
    },
  };
}

function dayOfZone(timeZone: string): (at: number) => number {
  try {
    return createDayOf(timeZone);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw invalidInput("request", [
      { path: ["timeZone"], message: `there is no time zone of that name; use one such as "Europe/Berlin"` },
    ]);
  }
}

/**
 * The same figures as `traceability.defectTrend`, over histories of the host's: for hosts with defects of their own.
 * @throws BackrefError `invalid-input`
 */
export async function countDefectTrend(
  request: TrendWindow & { readonly histories: AsyncIterable<DefectHistory> | Iterable<DefectHistory> },
): Promise<DefectTrend> {
  const { histories, ...window } = request;
  const counter = createTrendCounter(window);
  for await (const history of histories) counter.add(history);
  return counter.result();
}
