import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDice } from "../support/dice.ts";
import { createHookedWorld, type HookedWorld, repository, type Sent } from "../support/hooked-world.ts";

/** Together ten thousand, unless the environment asks for more. */
const runs = Number(process.env["BACKREF_FUZZ_DELIVERIES"] ?? 10_000);
const expected = new Set([200, 202, 400, 401, 413, 415]);

let world: HookedWorld;
/** Genuine ones, to be mutilated. */
const genuine: { readonly headers: Readonly<Record<string, string>>; readonly body: string }[] = [];
let sent = 0;
/** What is stored; null where something was taken since somebody looked. */
let known: string | null = null;
const statuses = new Map<number, number>();

beforeAll(async () => {
  world = await createHookedWorld({ limits: { webhooksPerMinute: 1_000_000_000 } });
  const lena = world.github.as("lena");
  lena.comment(repository, 1, "Looking at it <b>");
  lena.editIssue(repository, 1, { title: "Theirs" });
  lena.closeIssue(repository, 1);
  lena.createIssue(repository, { title: "Another" });
  while (world.github.webhooks.pending.length > 0) {
    const { headers, body } = world.github.webhooks.drop();
    genuine.push({ headers, body });
  }
});

afterAll(() => {
  expect(sent).toBeGreaterThanOrEqual(runs);
  // Everything was met: otherwise this says little.
  expect([...statuses.keys()].sort()).toEqual([...expected].filter((status) => status !== 413).sort());
});

/** Answers are an HTTP response of a known kind, and what was refused has changed nothing. */
async function answered(given: Sent): Promise<void> {
  known ??= JSON.stringify(await world.state());
  const response = await world.send(given);
  sent += 1;
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  expect([...expected]).toContain(response.status);
  expect(await response.json()).toEqual({ message: expect.any(String) });
  if (response.status < 400) known = null;
  else expect(JSON.stringify(await world.state())).toBe(known);
  expect(world.errors).toEqual([]);
}

const assertAll = (given: fc.Arbitrary<Sent>, share: number) =>
  fc.assert(fc.asyncProperty(given, answered), { numRuns: Math.ceil(runs * share) });

const strangeValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(null, -1, 1e300, 1.5, "", "\0", "\ud800", [], {}, "9".repeat(400), "x".repeat(3_000)),
);
const event = fc.constantFrom(
  "issues",
  "issue_comment",
  "ping",
  "installation",
  "installation_repositories",
  "",
  "\u00e9",
);
const headers = fc.record(
  {
    "x-github-event": event,
    "x-github-delivery": fc.oneof(fc.uuid(), fc.constantFrom("", "a", "a, a", "x".repeat(300))),
    "content-type": fc.constantFrom("application/json", "application/x-www-form-urlencoded", "text/html", ""),
    "content-encoding": fc.constantFrom("", "identity", "gzip"),
    "x-hub-signature-256": fc.oneof(
      fc.string().map((text) => encodeURIComponent(text)),
      fc.constant("sha256="),
    ),
  },
  { requiredKeys: [] },
);

/** Puts strange values in the place of others, and takes others away. */
function mutilate(value: unknown, choose: () => { readonly act: number; readonly put: unknown }, depth = 0): unknown {
  const { act, put } = choose();
  if (act === 0 && depth > 0) return put;
  if (Array.isArray(value)) return value.map((item) => mutilate(item, choose, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(() => choose().act !== 1);
  return Object.fromEntries([
    ...entries.map(([name, item]) => [name, mutilate(item, choose, depth + 1)]),
    ...(act === 2 ? [["__proto__", put]] : []),
  ]);
}

describe("whatever is delivered, the answer is a plain one and a refusal changes nothing", { timeout: 300_000 }, () => {
  test("random bytes, signed or not, under random headers", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((body) => Buffer.from(body).toString("latin1"));
    const given = fc.tuple(bytes, headers, fc.boolean()).map(([body, over, isSigned]): Sent => {
      const { "x-hub-signature-256": forged, ...rest } = over;
      const signed = world.signed(body, rest as Record<string, string>);
      return isSigned || forged === undefined
        ? signed
        : { ...signed, headers: { ...signed.headers, "x-hub-signature-256": forged } };
    });
    await assertAll(given, 0.2);
  });

  test("random JSON that is signed", async () => {
    const given = fc
      .tuple(fc.json({ maxDepth: 6 }), headers)
      .map(([body, { "x-hub-signature-256": _, ...over }]): Sent => world.signed(body, over as Record<string, string>));
    await assertAll(given, 0.2);
  });

  test("genuine deliveries with strange values in them, signed", async () => {
    const values = fc.sample(strangeValue, { numRuns: 500, seed: 1 });
    const given = fc.tuple(fc.nat(), fc.uuid(), fc.nat()).map(([which, id, seed]): Sent => {
      const dice = createDice(seed);
      const choose = () => ({ act: dice.below(41), put: dice.pick(values) });
      const { headers: own, body } = genuine[which % genuine.length] ?? { headers: {}, body: "{}" };
      const changed = mutilate(JSON.parse(body), choose);
      return world.signed(JSON.stringify(changed), {
        "x-github-event": own["x-github-event"] ?? "issues",
        "x-github-delivery": id,
      });
    });
    await assertAll(given, 0.4);
  });

  test("genuine deliveries with bytes turned around, under their old signature or a new one", async () => {
    const given = fc
      .tuple(fc.nat(), fc.nat(), fc.nat({ max: 255 }), fc.boolean(), fc.uuid())
      .map(([which, at, byte, isSigned, id]): Sent => {
        const { headers: own, body } = genuine[which % genuine.length] ?? { headers: {}, body: "{}" };
        const index = at % body.length;
        const changed = `${body.slice(0, index)}${String.fromCharCode(byte)}${body.slice(index + 1)}`;
        const over = { "x-github-event": own["x-github-event"] ?? "issues", "x-github-delivery": id };
        return isSigned ? world.signed(changed, over) : { headers: { ...own, "x-github-delivery": id }, body: changed };
      });
    await assertAll(given, 0.2);
  });
});
