import type { Rule, Suite } from "../rule.ts";
import { createContext, type ProviderContext } from "./context.ts";
import type { ProviderTracker } from "./provider-tracker.ts";
import type { ProviderUnderTest } from "./provider-under-test.ts";
import { appScopeRules } from "./rules/app-scope-rules.ts";
import { attachmentRules } from "./rules/attachment-rules.ts";
import { authorizationErrorRules } from "./rules/authorization-error-rules.ts";
import { authorizationRules } from "./rules/authorization-rules.ts";
import { baseUrlRules } from "./rules/base-url-rules.ts";
import { capabilityRules } from "./rules/capability-rules.ts";
import { changesCursorRules } from "./rules/changes-cursor-rules.ts";
import { changesRules } from "./rules/changes-rules.ts";
import { commentRules } from "./rules/comment-rules.ts";
import { connectRules } from "./rules/connect-rules.ts";
import { containerRules } from "./rules/container-rules.ts";
import { createRules } from "./rules/create-rules.ts";
import { createUrlRules } from "./rules/create-url-rules.ts";
import { doubtRules } from "./rules/doubt-rules.ts";
import { errorRules } from "./rules/error-rules.ts";
import { findCreatedRules } from "./rules/find-created-rules.ts";
import { formFieldRules } from "./rules/form-field-rules.ts";
import { formRules } from "./rules/form-rules.ts";
import { keyRules } from "./rules/key-rules.ts";
import { labelRules } from "./rules/label-rules.ts";
import { peopleRules } from "./rules/people-rules.ts";
import { priorityRules } from "./rules/priority-rules.ts";
import { readRules } from "./rules/read-rules.ts";
import { requiredFieldRules } from "./rules/required-field-rules.ts";
import { searchRules } from "./rules/search-rules.ts";
import { sendingRules } from "./rules/sending-rules.ts";
import { snapshotRules } from "./rules/snapshot-rules.ts";
import { sourceCapabilityRules } from "./rules/source-capability-rules.ts";
import { unexpectedRules } from "./rules/unexpected-rules.ts";
import { updateLabelRules } from "./rules/update-label-rules.ts";
import { updateRules } from "./rules/update-rules.ts";
import { webhookReadRules } from "./rules/webhook-read-rules.ts";
import { webhookRedeliverRules } from "./rules/webhook-redeliver-rules.ts";
import { webhookVerifyRules } from "./rules/webhook-verify-rules.ts";

/** What the suite for a provider needs. */
export interface ProviderSuiteOptions<UnderTest extends ProviderUnderTest> {
  /** Called once per rule, for a provider and a tracker that nobody else uses. Sends nothing. */
  readonly create: () => Promise<UnderTest>;
  /** The driver of the tracker that `create` set up. Absent for links-only providers, which have no tracker. */
  readonly tracker?: (underTest: UnderTest) => ProviderTracker;
}

const rules: readonly Rule<ProviderContext>[] = [
  ...capabilityRules,
  ...sourceCapabilityRules,
  ...formRules,
  ...baseUrlRules,
  ...createUrlRules,
  ...keyRules,
  ...connectRules,
  ...readRules,
  ...snapshotRules,
  ...createRules,
  ...doubtRules,
  ...findCreatedRules,
  ...updateRules,
  ...updateLabelRules,
  ...commentRules,
  ...changesRules,
  ...changesCursorRules,
  ...webhookVerifyRules,
  ...webhookReadRules,
  ...webhookRedeliverRules,
  ...appScopeRules,
  ...labelRules,
  ...priorityRules,
  ...formFieldRules,
  ...requiredFieldRules,
  ...attachmentRules,
  ...peopleRules,
  ...containerRules,
  ...searchRules,
  ...authorizationRules,
  ...authorizationErrorRules,
  ...errorRules,
  ...unexpectedRules,
  ...sendingRules,
];

/** What every provider must do, proven through the contract and a driver of the tracker behind it. */
export function providerSuite<UnderTest extends ProviderUnderTest>(
  options: ProviderSuiteOptions<UnderTest>,
): Suite<ProviderContext> {
  return {
    name: "provider",
    rules,
    async createContext() {
      const underTest = await options.create();
      return createContext(underTest, options.tracker?.(underTest));
    },
    disposeContext: (context) => context.dispose(),
  };
}
