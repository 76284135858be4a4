import { expect, test } from "vitest";
import { systemScheduler } from "../../src/index.ts";

test("a wait that is longer than a timer can count does not end at once", async () => {
  const stop = new AbortController();
  const month = systemScheduler.sleep(31 * 24 * 3_600_000, stop.signal);
  const first = await Promise.race([month.then(() => "month"), systemScheduler.sleep(20).then(() => "moment")]);
  expect(first).toBe("moment");
  stop.abort(new Error("enough"));
  await expect(month).rejects.toThrow("enough");
});
