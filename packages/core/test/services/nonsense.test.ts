import { expect, test } from "vitest";
import { BackrefError } from "../../src/index.ts";
import { createGitHubWorld } from "../support/github-world.ts";

const nonsense: readonly (readonly unknown[])[] = [
  [],
  [null],
  [null, null],
  ["x", null],
  ["x", 5],
  ["x", { constructor: 5 }],
  [JSON.parse('{"__proto__":{"id":"x"}}')],
  [() => {}],
  [1n],
];

type Method = (...given: readonly unknown[]) => unknown;
type Service = Readonly<Record<string, unknown>>;

async function call(method: Method, given: readonly unknown[]): Promise<void> {
  const answer = method(...given);
  if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer) {
    for await (const _ of answer as AsyncIterable<unknown>) break;
    return;
  }
  await answer;
}

test("whatever plain JavaScript gives a method is refused in our words, never in the engine's", async () => {
  const { app } = await createGitHubWorld();
  const raw: string[] = [];
  for (const [name, service] of Object.entries(app as unknown as Readonly<Record<string, Service>>)) {
    for (const [member, method] of Object.entries(service)) {
      for (const given of nonsense) {
        try {
          await call(method as Method, given);
        } catch (error) {
          if (BackrefError.isInstance(error)) continue;
          const message = error instanceof Error ? error.message : String(error);
          if (/undefined|null|Cannot|not a function|not iterable/.test(message))
            raw.push(`${name}.${member}: ${message}`);
        }
      }
    }
  }
  expect(raw).toEqual([]);
});
