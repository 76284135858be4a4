import type { Clock } from "../ports/clock.ts";
import type { FetchFunction } from "../ports/fetch.ts";
import type { Logger } from "../ports/logger.ts";
import type { Random } from "../ports/random.ts";
import type { Scheduler } from "../ports/scheduler.ts";

/** What a provider gets with every remote call. Everything it may touch is in here. */
export interface ProviderCall<Auth = unknown, Options = unknown> {
  /** No trailing slash. */
  readonly baseUrl: string;
  /** As `describe().auth` parsed it. */
  readonly auth: Auth;
  /** As `describe().options` parsed it. */
  readonly options: Options;
  /** Changes whenever the stored credential does; validators such as ETags are only good for one. */
  readonly credentialId: string;
  /** The only way out. It refuses to send after the caller's deadline and follows no redirects by itself. */
  readonly fetch: FetchFunction;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}
