import type { Provider } from "@backref/core/provider";
import { providerSuite, runSuite } from "@backref/testing";
import { expect, test } from "vitest";
import { createNookProvider } from "../src/provider/nook-provider.ts";
import { createNookDriver, createNookUnderTest } from "./nook-under-test.ts";

const sound = createNookProvider() as Provider;
const { create, update, changes } = sound;
if (create === undefined || update === undefined || changes === undefined) throw new TypeError("It has all of them.");

interface Mistake {
  readonly provider: Provider;
  /** The rule of the suite that notices. */
  readonly breaks: string;
}

let attempts = 0;
const nextToken = (token: string): string => {
  attempts += 1;
  return `${token}-${attempts}`;
};

/** What is easily done wrong with a tracker that offers what Nook does. */
const mistakes: Readonly<Record<string, Mistake>> = {
  "forgets the revision, and writes over what nobody has seen": {
    provider: { ...sound, update: { update: (call, request) => update.update(call, { ...request, ifVersion: null }) } },
    breaks: "provider/update-compare-and-set",
  },
  "says that a token makes one issue, and gives each request one of its own": {
    provider: {
      ...sound,
      create: {
        ...create,
        create: (call, request) => create.create(call, { ...request, token: nextToken(request.token) }),
      },
    },
    breaks: "provider/create-idempotent",
  },
  "passes an issue that was there already for a new one": {
    provider: {
      ...sound,
      create: {
        ...create,
        async create(call, request) {
          const { existed: _, ...result } = await create.create(call, request);
          return result;
        },
      },
    },
    breaks: "provider/create-existed",
  },
  "counts the history by its own clock": {
    provider: {
      ...sound,
      changes: {
        async list(call, request) {
          const page = await changes.list(call, request);
          return { ...page, cursor: String(call.clock.now()) };
        },
      },
    },
    breaks: "provider/changes-",
  },
};

test.each(Object.entries(mistakes))("a provider that %s is found out", async (_mistake, { provider, breaks }) => {
  const create = async () => ({ ...createNookUnderTest(), provider });
  const suite = providerSuite({ create, tracker: createNookDriver });
  const results = await runSuite(suite);
  const broken = results.flatMap((result) => (result.status === "failed" ? [result.error] : []));
  expect(broken.map(({ ruleId }) => ruleId).find((id) => id.startsWith(breaks))).toBeDefined();
  expect(broken.length).toBeLessThan(suite.rules.length / 4);
  for (const { message } of broken) expect(message).toMatch(/documented at core\//);
});
