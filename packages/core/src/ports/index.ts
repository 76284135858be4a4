export { type Clock, systemClock } from "./clock.ts";
export type { FetchFunction, OutgoingConnection, OutgoingFetch } from "./fetch.ts";
export { type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { type Random, randomFraction, systemRandom } from "./random.ts";
export { type Scheduler, systemScheduler } from "./scheduler.ts";
