/** One thing a plugin must do. Rules are data, so that a suite can be registered with any test runner, or run by itself. */
export interface Rule<Context> {
  /** Stable key, for example `storage/unit-atomic`. Failures name it. */
  readonly id: string;
  /** What must be true, as a sentence. */
  readonly title: string;
  /** Where the rule is documented: the contract's file and member. */
  readonly documentedAt: string;
  /** The reason for a skip that a declared capability explains; null where the rule applies. @default always applies */
  readonly skip?: (context: Context) => string | null;
  /** Throws where the rule is broken. Gets a fresh context. */
  readonly check: (context: Context) => Promise<void>;
}

/** What a broken rule throws: which rule, what was expected, and where it is documented. */
export class RuleError extends Error {
  override readonly name: string = "RuleError";
  readonly ruleId: string;

  constructor(rule: Pick<Rule<never>, "id" | "title" | "documentedAt">, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(`${rule.id}: ${rule.title}\n  ${detail}\n  documented at ${rule.documentedAt}`, { cause });
    this.ruleId = rule.id;
  }
}

/** The part of a test runner that a suite needs; vitest, jest and node:test fit. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
}

/** Rules, and what each of them is run on. */
export interface Suite<Context> {
  readonly name: string;
  readonly rules: readonly Rule<Context>[];
  readonly createContext: () => Promise<Context>;
  /** Called after each rule, also one that failed. @default nothing to remove */
  readonly disposeContext?: (context: Context) => Promise<void>;
}

/** How a rule ended. Skipped is only what the plugin declares that it cannot do. */
export type RuleResult =
  | { readonly ruleId: string; readonly status: "passed" }
  | { readonly ruleId: string; readonly status: "skipped"; readonly reason: string }
  | { readonly ruleId: string; readonly status: "failed"; readonly error: RuleError };

async function runRule<Context>(suite: Suite<Context>, rule: Rule<Context>): Promise<RuleResult> {
  let context: Context | undefined;
  try {
    context = await suite.createContext();
    const reason = rule.skip?.(context) ?? null;
    if (reason !== null) return { ruleId: rule.id, status: "skipped", reason };
    await rule.check(context);
    return { ruleId: rule.id, status: "passed" };
  } catch (error) {
    return { ruleId: rule.id, status: "failed", error: new RuleError(rule, error) };
  } finally {
    if (context !== undefined) await suite.disposeContext?.(context);
  }
}

/** Runs every rule and reports, without a test runner. */
export async function runSuite<Context>(suite: Suite<Context>): Promise<readonly RuleResult[]> {
  const results: RuleResult[] = [];
  for (const rule of suite.rules) results.push(await runRule(suite, rule));
  return results;
}

/** Registers one test per rule. A skip that a capability explains passes and says so in `onSkip`. */
export function registerSuite<Context>(
  suite: Suite<Context>,
  runner: TestRunner,
  onSkip: (ruleId: string, reason: string) => void = () => {},
): void {
  runner.describe(suite.name, () => {
    for (const rule of suite.rules) {
      runner.test(`${rule.id}: ${rule.title}`, async () => {
        const result = await runRule(suite, rule);
        if (result.status === "failed") throw result.error;
        if (result.status === "skipped") onSkip(rule.id, result.reason);
      });
    }
  });
}
