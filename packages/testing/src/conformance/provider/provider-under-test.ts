import type { Clock, CreateIssueRequest, FetchFunction, Provider, Scheduler } from "@backref/core/provider";

/** A provider under test, and what its calls need. Made afresh for every rule. */
export interface ProviderUnderTest {
  readonly provider: Provider;
  /** No trailing slash. */
  readonly baseUrl: string;
  /** Whatever `describe().auth` takes, as plain JSON: a credential that may do everything. @default {} */
  readonly auth?: unknown;
  /**
   * The same with a credential that the tracker refuses; where `auth` is an app's, it names the same installation. Needed
   * with the group `connect`.
   */
  readonly refusedAuth?: unknown;
  /** Whatever `describe().options` takes, as plain JSON. @default {} */
  readonly options?: unknown;
  /** Carries requests to the tracker. Needed by every provider that sends any. */
  readonly fetch?: FetchFunction;
  /** Where the rules work; without issues and labels, but things that are none may stand there. As `containers` lists it. */
  readonly container: string;
  /** Another one that the credential reaches. Absent where the tracker has no way to move an issue. */
  readonly otherContainer?: string;
  /** One that does not exist. Needed with the groups `connect`, `read`, `create`, `form` and `people`. */
  readonly unknownContainer?: string;
  /** An item in the form of the tracker, existing or not. @default "12" */
  readonly item?: string;
  /** An item that does not exist. @default "999999" */
  readonly missingItem?: string;
  /** Other ways to write the key of `item` in `container`, for example in other case. @default [] */
  readonly keyVariants?: readonly string[];
  /** Other addresses of the site, as people type and copy them. Needed with `normaliseBaseUrl`. */
  readonly baseUrlVariants?: readonly string[];
  /** Two values of the field that priorities live in, as snapshots name them. Needed where priorities are a field. */
  readonly priorities?: readonly [string, string];
  /** What the tracker demands of every new issue, such as a type. @default nothing */
  readonly createDefaults?: Partial<Pick<CreateIssueRequest, "type" | "fields">>;
  /** Requests that a create without labels takes, as the provider documents them. @default 1 */
  readonly createRequestCount?: number;
  /** More than stand on one page of the tracker's longest list. @default 120 */
  readonly longListLength?: number;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default the system's */
  readonly scheduler?: Scheduler;
  /** Removes what was made for the rule. @default nothing to remove */
  readonly dispose?: () => Promise<void>;
}
