/**
 * Tools for authors of plugins and for hosts' own tests: conformance suites, virtual time, repeatable randomness.
 * Fake trackers live in subpaths such as `@backref/testing/github`.
 * @packageDocumentation
 */
export type { DefectStoreContext } from "./conformance/defect-store/context.ts";
export { type DefectStoreSuiteOptions, defectStoreSuite } from "./conformance/defect-store/defect-store-suite.ts";
export type {
  DefectDraft,
  DefectEdit,
  DefectHost,
  DefectPlace,
  DefectStoreUnderTest,
  HostComments,
  HostTransactions,
  OpenTransaction,
} from "./conformance/defect-store/defect-store-under-test.ts";
export type { ProviderContext } from "./conformance/provider/context.ts";
export { type ProviderSuiteOptions, providerSuite } from "./conformance/provider/provider-suite.ts";
export type {
  ProviderTracker,
  RedeliveryDriver,
  SignInDriver,
  TrackerComment,
  TrackerFault,
  TrackerFile,
  TrackerIssue,
  TrackerIssueDraft,
  WebhookDriver,
} from "./conformance/provider/provider-tracker.ts";
export type { ProviderUnderTest } from "./conformance/provider/provider-under-test.ts";
export {
  type Rule,
  RuleError,
  type RuleResult,
  registerSuite,
  runSuite,
  type Suite,
  type TestRunner,
} from "./conformance/rule.ts";
export type { StorageContext } from "./conformance/storage/context.ts";
export { sampleId, sampleRow, sampleTenantId } from "./conformance/storage/sample-rows.ts";
export { type StorageSuiteOptions, type StorageUnderTest, storageSuite } from "./conformance/storage/storage-suite.ts";
export { createFaultProxy, type FaultProxy, type FaultProxyOptions, type MetFault } from "./http/fault-proxy.ts";
export type { FaultChances, ProxyFault } from "./http/proxy-fault.ts";
export { createSecretWatch, type SecretFinding, type SecretWatch } from "./secrets/secret-watch.ts";
export { createFakeSignIn, type FakeSignIn, type FakeSignInOptions } from "./sign-in/fake-sign-in.ts";
export { type SignInAuth, signInForm } from "./sign-in/sign-in-group.ts";
export { createSeededRandom } from "./time/seeded-random.ts";
export { createVirtualTime, type VirtualTime } from "./time/virtual-time.ts";
