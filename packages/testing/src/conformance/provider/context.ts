import assert from "node:assert/strict";
import {
  type Form,
  type IssueSite,
  type LogLevel,
  type Provider,
  type ProviderCall,
  type ResolvedCapabilities,
  resolveSourceCapabilities,
} from "@backref/core/provider";
import { createSeededRandom } from "../../time/seeded-random.ts";
import type { ProviderTracker } from "./provider-tracker.ts";
import type { ProviderUnderTest } from "./provider-under-test.ts";

/** What the rules of the provider suite work with: a provider and a tracker of their own. */
export interface ProviderContext {
  readonly underTest: ProviderUnderTest;
  readonly provider: Provider;
  readonly capabilities: ResolvedCapabilities;
  readonly container: string;
  /** The driver. Fails the rule where the suite was given none. */
  readonly tracker: ProviderTracker;
  readonly site: IssueSite<unknown>;
  /** Everything the provider logged so far. */
  readonly logs: readonly string[];
  /** A fresh call with the good credential. */
  call(changes?: Partial<ProviderCall>): ProviderCall;
  /** Lets time pass, for the tracker and for calls. */
  pass(durationMs: number): Promise<void>;
  /** Removes what was made for the rule. */
  dispose(): Promise<void>;
}

const sleep = (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs));

export function createContext(underTest: ProviderUnderTest, driver: ProviderTracker | undefined): ProviderContext {
  const { provider, baseUrl } = underTest;
  const logs: string[] = [];
  const record = (level: LogLevel, message: string, data?: object) => {
    logs.push(`${level} ${message} ${JSON.stringify(data ?? {})}`);
  };
  const parsedOptions = () => parseInput(provider.describe().options, underTest.options ?? {}, "options");
  const tracker = (): ProviderTracker => {
    assert.ok(driver !== undefined, "providerSuite was given no `tracker`, and only a links-only provider needs none");
    return driver;
  };
  return {
    underTest,
    provider,
    capabilities: resolveSourceCapabilities(provider, parsedOptions()),
    container: underTest.container,
    get tracker() {
      assert.ok(
        driver !== undefined,
        "providerSuite was given no `tracker`, and only a links-only provider needs none",
      );
      return driver;
    },
    get site() {
      return { baseUrl, options: parsedOptions() };
    },
    logs,
    call: (changes) => ({
      baseUrl,
      auth: parseInput(provider.describe().auth, underTest.auth ?? {}, "auth"),
      options: parsedOptions(),
      credentialId: "credential-1",
      fetch: underTest.fetch ?? refuseToSend,
      clock: underTest.clock ?? { now: () => Date.now(), monotonic: () => performance.now() },
      scheduler: underTest.scheduler ?? { sleep },
      random: createSeededRandom(1),
      logger: { log: record },
      signal: new AbortController().signal,
      ...changes,
    }),
    pass: async (durationMs) => tracker().advance?.(durationMs) ?? sleep(durationMs),
    dispose: async () => underTest.dispose?.(),
  };
}

/** What a form makes of an input that has to be good. */
export function parseInput<Value>(form: Form<Value>, input: unknown, what: string): Value {
  const result = form.parse(input);
  assert.ok(result.ok, `describe().${what} refuses the ${what} under test: ${JSON.stringify(result)}`);
  return result.value;
}

async function refuseToSend(): Promise<never> {
  throw new TypeError("This provider was given no `fetch` to send with");
}

/** Lets reads catch up with what was just written. */
export async function settle(context: ProviderContext): Promise<void> {
  await context.pass(context.capabilities.readLagMs);
}

/** Lets enough time pass for the next change to have a version of its own. */
export async function nextVersion(context: ProviderContext): Promise<void> {
  await context.pass(Math.max(context.capabilities.versionGranularityMs, context.capabilities.readLagMs));
}

/** An ability of the driver that a rule cannot do without. */
export function able<Name extends keyof ProviderTracker>(
  context: ProviderContext,
  name: Name,
): NonNullable<ProviderTracker[Name]> {
  const ability = context.tracker[name];
  assert.ok(
    ability !== undefined,
    `the tracker's driver lacks \`${name}\`, and nothing that the provider declares explains why`,
  );
  return (typeof ability === "function" ? ability.bind(context.tracker) : ability) as NonNullable<
    ProviderTracker[Name]
  >;
}

/** A setting of the provider under test that a rule cannot do without. */
export function given<Name extends keyof ProviderUnderTest>(
  context: ProviderContext,
  name: Name,
): NonNullable<ProviderUnderTest[Name]> {
  const value = context.underTest[name];
  assert.ok(value !== undefined, `\`create\` gave no \`${name}\`, which the provider's groups call for`);
  return value as NonNullable<ProviderUnderTest[Name]>;
}
