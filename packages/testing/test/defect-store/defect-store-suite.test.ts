import { describe, expect, test } from "vitest";
import {
  type DefectStoreContext,
  type DefectStoreUnderTest,
  defectStoreSuite,
  runSuite,
  type Suite,
} from "../../src/index.ts";
import { createMemoryHost } from "./memory-host.ts";
import { wrongApplies } from "./wrong-applies.ts";
import { wrongComments } from "./wrong-comments.ts";
import { wrongFeeds } from "./wrong-feeds.ts";
import { wrongReads } from "./wrong-reads.ts";
import { wrongTransactions } from "./wrong-transactions.ts";

function suiteOf(wrap: (inner: DefectStoreUnderTest) => DefectStoreUnderTest): Suite<DefectStoreContext> {
  return defectStoreSuite({ create: async () => wrap(createMemoryHost()) });
}

async function outcomesOf(suite: Suite<DefectStoreContext>) {
  const results = await runSuite(suite);
  const idsOf = (status: string) => results.filter((result) => result.status === status).map(({ ruleId }) => ruleId);
  return { failed: idsOf("failed"), skipped: idsOf("skipped") };
}

describe("defectStoreSuite", () => {
  test("a sound store passes every rule, and none is skipped", async () => {
    expect(await outcomesOf(suiteOf((inner) => inner))).toEqual({ failed: [], skipped: [] });
  });

  test("rule ids are unique and say where they belong", () => {
    const ids = suiteOf((inner) => inner).rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^defect-store\/[a-z-]+$/.test(id))).toEqual([]);
  });

  test("what a host does not have skips the rules about it, and no others fail", async () => {
    const suite = suiteOf(({ store: { read, readComments, apply }, host: { createDefect, editDefect } }) => ({
      store: { read, readComments, apply },
      host: { createDefect, editDefect },
      tenantIds: ["only"],
      hasInternalComments: false,
    }));
    const { failed, skipped } = await outcomesOf(suite);
    expect(failed).toEqual([]);
    expect(skipped).toEqual(expect.arrayContaining(["defect-store/feed-pages", "defect-store/tenant-read"]));
    expect(skipped).toEqual(expect.arrayContaining(["defect-store/refused", "defect-store/transaction-own-writes"]));
    expect(skipped.length).toBeLessThan((suite.rules.length * 3) / 4);
  });

  test.each([...wrongReads, ...wrongApplies, ...wrongComments, ...wrongTransactions, ...wrongFeeds])(
    "a store that $mistake breaks $caughtBy",
    async ({ caughtBy, wrap }) => {
      const suite = suiteOf(wrap);
      const { failed } = await outcomesOf(suite);
      expect(failed).toContain(caughtBy);
      // A mistake that broke everything would say nothing about the rule.
      expect(failed.length).toBeLessThan(suite.rules.length / 4);
    },
  );
});
