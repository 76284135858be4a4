/**
 * Tools for authors of plugins and for hosts' own tests: conformance suites, virtual time, repeatable randomness.
 * Fake trackers live in subpaths such as `@backref/testing/github`.
 * @packageDocumentation
 */
export {
  type Rule,
  RuleError,
  type RuleResult,
  registerSuite,
  runSuite,
  type Suite,
  type TestRunner,
} from "./conformance/rule.ts";
export { createSeededRandom } from "./time/seeded-random.ts";
export { createVirtualTime, type VirtualTime } from "./time/virtual-time.ts";
