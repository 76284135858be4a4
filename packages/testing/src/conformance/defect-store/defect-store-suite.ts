import type { Rule, Suite } from "../rule.ts";
import { createContext, type DefectStoreContext } from "./context.ts";
import type { DefectStoreUnderTest } from "./defect-store-under-test.ts";
import { applyRules } from "./rules/apply-rules.ts";
import { commentChangeRules } from "./rules/comment-change-rules.ts";
import { commentReadRules } from "./rules/comment-read-rules.ts";
import { concurrencyRules } from "./rules/concurrency-rules.ts";
import { feedCursorRules } from "./rules/feed-cursor-rules.ts";
import { feedRules } from "./rules/feed-rules.ts";
import { outcomeRules } from "./rules/outcome-rules.ts";
import { readRules } from "./rules/read-rules.ts";
import { refusalRules } from "./rules/refusal-rules.ts";
import { revisionRules } from "./rules/revision-rules.ts";
import { tenantRules } from "./rules/tenant-rules.ts";
import { transactionRules } from "./rules/transaction-rules.ts";
import { valueRules } from "./rules/value-rules.ts";

/** What the suite for a host's own defect store needs. */
export interface DefectStoreSuiteOptions {
  /** Called once per rule, for a store that nobody else uses. */
  readonly create: () => Promise<DefectStoreUnderTest>;
}

const rules: readonly Rule<DefectStoreContext>[] = [
  ...readRules,
  ...revisionRules,
  ...commentReadRules,
  ...applyRules,
  ...outcomeRules,
  ...refusalRules,
  ...valueRules,
  ...commentChangeRules,
  ...concurrencyRules,
  ...transactionRules,
  ...feedRules,
  ...feedCursorRules,
  ...tenantRules,
];

/** What a host's store of its own defects must do, proven through the port and the people of the host. */
export function defectStoreSuite({ create }: DefectStoreSuiteOptions): Suite<DefectStoreContext> {
  return {
    name: "defect store",
    rules,
    createContext: async () => createContext(await create()),
    disposeContext: (context) => context.dispose(),
  };
}
