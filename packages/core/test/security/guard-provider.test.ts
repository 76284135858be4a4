import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type BackrefError, ProviderError } from "../../src/errors/index.ts";
import type { Provider, ProviderCall } from "../../src/provider/index.ts";
import { guardProvider } from "../../src/security/guard-provider.ts";
import { createToyProvider } from "../support/toy-provider.ts";

const secret = "0123456789abcdef0123456789abcdef01234567";
const failure = { providerId: "toy", operation: "issue.read", failure: "forbidden", status: 403 } as const;
const secretField = { type: "object", properties: { key: { type: "string", writeOnly: true }, user: {} } };

/** A provider whose only method does what a test says. */
function guarded(act: (call: ProviderCall) => unknown) {
  const toy = createToyProvider();
  const description = { ...toy.describe(), auth: { schema: secretField, parse: toy.describe().auth.parse } };
  const provider = { ...toy, describe: () => description, connect: { test: act } } as unknown as Provider;
  const logs: unknown[] = [];
  const call = {
    auth: { key: secret, user: "max@example.com" },
    options: {},
    fetch,
    logger: { log: (...entry: unknown[]) => void logs.push(entry) },
  } as unknown as ProviderCall;
  const run = () => guardProvider(provider).connect?.test(call, { containers: [] }) as unknown;
  return { run, logs };
}

const thrownBy = async (act: () => unknown): Promise<BackrefError> => {
  try {
    await act();
  } catch (error) {
    return error as BackrefError;
  }
  throw new TypeError("nothing was thrown");
};

describe("a provider's failure", () => {
  test.each<[string, unknown]>([
    ["message", new ProviderError({ ...failure, message: `no: key=${secret}` })],
    ["field", new ProviderError({ ...failure, message: "no", field: secret })],
    ["data", new ProviderError({ ...failure, message: "no", data: { sent: [secret] } })],
    [
      "cause",
      new ProviderError({ ...failure, message: "no", cause: { request: { headers: new Headers({ k: secret }) } } }),
    ],
    [
      "cause's cause",
      new ProviderError({ ...failure, message: "no", cause: new Error("x", { cause: new Error(secret) }) }),
    ],
    ["address", new ProviderError({ ...failure, message: `GET https://x.example/?k=${encodeURIComponent(secret)}` })],
  ])("keeps its class, and loses the credential in its %s", async (_, error) => {
    for (const act of [() => Promise.reject(error), () => thrown(error)]) {
      const found = await thrownBy(guarded(act).run);
      expect(ProviderError.isInstance(found)).toBe(true);
      expect(found).toMatchObject({ ...failure, code: "tracker-forbidden" });
      expect(inspect(found, { depth: 9, showHidden: true })).not.toContain(secret);
    }
  });

  test("that shows nothing is the very same, what it hangs on included", async () => {
    const error = new ProviderError({ ...failure, message: "max@example.com may not", cause: new Error("x") });
    expect(await thrownBy(guarded(() => Promise.reject(error)).run)).toBe(error);
  });

  test("that was none keeps the class of a mistake", async () => {
    const found = await thrownBy(guarded(() => Promise.reject(new TypeError(`bad header ${secret}`))).run);
    expect(found).toBeInstanceOf(Error);
    expect(found.message).toBe("bad header [redacted]");
  });

  test("is not as long as a tracker likes", async () => {
    const error = new ProviderError({ ...failure, message: "x".repeat(10_000_000), field: "y".repeat(10_000) });
    const found = await thrownBy(guarded(() => Promise.reject(error)).run);
    expect(found.message.length).toBeLessThanOrEqual(1_000);
    expect(found.field?.length).toBeLessThanOrEqual(255);
  });
});

test("what a provider logs, and what it reports, is without the credential", async () => {
  const { run, logs } = guarded(async ({ logger }) => {
    logger.log("debug", `sent ${secret}`, { headers: [{ key: secret }], status: 200 });
    return { ok: false, problems: [`The page says: ${secret}`, "Something else"] };
  });
  expect(await run()).toEqual({ ok: false, problems: ["The page says: [redacted]", "Something else"] });
  expect(logs).toEqual([["debug", "sent [redacted]", { headers: [{ key: "[redacted]" }], status: 200 }]]);
});

function thrown(error: unknown): never {
  throw error;
}
