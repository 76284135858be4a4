import { createHash } from "node:crypto";

/**
 * What makes two failures the same: the case, the title, and the first lines of the details without what differs
 * from run to run (numbers, ids, times, paths, quoted values stay only as far as their shape).
 */
export function fingerprintOf(failure: {
  readonly caseId: string;
  readonly title: string;
  readonly details: string;
}): string {
  const shape = (text: string) =>
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "<id>")
      .replace(/\b0x[0-9a-f]+\b/gi, "<hex>")
      .replace(/(?:[a-z]:)?(?:[\\/][\w.@-]+){2,}/gi, "<path>")
      .replace(/\d+(?:[.,:]\d+)*/g, "<n>")
      .replace(/\s+/g, " ")
      .trim();
  const firstLines = failure.details.split("\n").slice(0, 3).map(shape);
  const text = JSON.stringify([failure.caseId, shape(failure.title), firstLines]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 27);
}
