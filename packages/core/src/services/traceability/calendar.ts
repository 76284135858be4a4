const dayMs = 86_400_000;

/** Days since 1970-01-01, of a calendar date. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

export function dateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The Monday on or before a day. */
export function mondayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return day - ((((day + 3) % 7) + 7) % 7);
}

/** The day that a moment belongs to, in a time zone. @throws RangeError for a zone that does not exist */
export function createDayOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return dayNumber(`${parts["year"]}-${parts["month"]}-${parts["day"]}`);
  };
}
