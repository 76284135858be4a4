import { beforeAll, describe, expect, test } from "vitest";
import type { Actor, BackrefError, ProjectRole } from "../../src/index.ts";
import { type Action, actionTable, type ResourceKind } from "../../src/security/actions.ts";
import { createAuthoriser } from "../../src/security/authoriser.ts";
import { methodActions } from "../../src/services/method-actions.ts";
import { createRecords, type MethodCall, methodCalls, type Records } from "./method-calls.ts";

interface Case {
  readonly name: string;
  readonly action: Action;
  readonly call: MethodCall;
}

const cases: readonly Case[] = Object.entries(methodActions).flatMap(([service, methods]) =>
  Object.entries(methods).map(([method, action]) => {
    const calls: Readonly<Record<string, MethodCall>> = methodCalls[service as keyof typeof methodCalls];
    const call = calls[method];
    if (call === undefined) throw new TypeError(`There is no call of ${service}.${method}.`);
    return { name: `${service}.${method}`, action: action as Action, call };
  }),
);

const roles = ["viewer", "member", "admin"] as const;
const user = (projects: Readonly<Record<string, ProjectRole>>): Actor => ({ tenantId: "acme", userId: "u", projects });
const actors: readonly (readonly [string, Actor])[] = [
  ["somebody without a role", { tenantId: "acme", userId: "u" }],
  ...roles.map((role) => [`a project ${role} of another project`, user({ app: role })] as const),
  ...roles.map((role) => [`a project ${role}`, user({ web: role })] as const),
  ["an owner", { tenantId: "acme", userId: "u", role: "owner" }],
  ["an admin of the tenant", { tenantId: "acme", userId: "u", role: "admin" }],
  ["the system", { tenantId: "acme", system: true }],
];

type Verdict = "allowed" | "permission-denied" | "not-found";
type World = Awaited<ReturnType<typeof createRecords>>;

const authoriser = createAuthoriser();
const kindOf = (action: Action) => action.slice(0, action.indexOf(".")) as ResourceKind;

/** What the table says about a record of the project `web`. */
async function expectedVerdict(actor: Actor, action: Action): Promise<Verdict> {
  const projectIds = action === "provider.read" ? null : ["web"];
  try {
    await authoriser.authorise(actor, action, { kind: kindOf(action), tenantId: "acme", projectIds, id: "r" });
    return "allowed";
  } catch (error) {
    return (error as BackrefError).code as Verdict;
  }
}

/** What the method itself does. Any other trouble shows that it went beyond the question of permission. */
async function verdictOf({ world, records }: World, actor: Actor, call: MethodCall): Promise<Verdict> {
  try {
    const result = await call.run(world.backref.as(actor), records);
    return call.found !== undefined && call.found(result as never) === 0 ? "not-found" : "allowed";
  } catch (error) {
    const { code } = error as BackrefError;
    return code === "permission-denied" || code === "not-found" ? code : "allowed";
  }
}

/** A list leaves out what it may not show, and says nothing about it. */
function shownVerdict({ found, passesOver }: MethodCall, expected: Verdict): Verdict {
  if (found !== undefined && expected !== "allowed") return "not-found";
  return passesOver === true && expected === "not-found" ? "allowed" : expected;
}

async function rowsOf({ world, records }: World): Promise<unknown> {
  const scope = { tenantId: "acme" };
  const { app } = world;
  const { items: activity } = await app.activity.list({ limit: 200 });
  const sources = await world.storage.find(scope, { table: "source", by: "all", keys: [[]] });
  const relations = await world.storage.find(scope, { table: "relation", by: "all", keys: [[]] });
  const links = await world.storage.find(scope, { table: "link", by: "source", keys: [[records.sourceId]] });
  return { activity, sources, relations, links };
}

let shared: World;
beforeAll(async () => {
  shared = await createRecords();
});

describe("permissions of every method", () => {
  test("are those of an action of the table", () => {
    for (const { action } of cases) expect(Object.keys(actionTable)).toContain(action);
    // What no method does would be a right to nothing.
    expect(Object.keys(actionTable).filter((action) => cases.every((one) => one.action !== action))).toEqual([]);
  });

  describe.each(actors)("%s", (_name, actor) => {
    test.each(cases)("$name", async ({ action, call }) => {
      const expected = await expectedVerdict(actor, action);
      const world = call.changes === true && expected === "allowed" ? await createRecords() : shared;
      const before = expected === "allowed" ? null : await rowsOf(world);
      const verdict = await verdictOf(world, actor, call);
      expect(verdict).toBe(shownVerdict(call, expected));
      if (before !== null) expect(await rowsOf(world)).toEqual(before);
    });
  });
});

describe("another tenant's ids", () => {
  const unknown = "0190b0d4-0000-7000-8000-000000000000";
  const ofNobody: Records = {
    sourceId: unknown,
    relationId: unknown,
    referenceId: unknown,
    issueId: unknown,
    defectId: unknown,
    linkId: unknown,
    commentId: unknown,
  };

  test.each(cases.filter(({ call }) => call.isOwn !== true))("are unknown to $name", async ({ call }) => {
    const stranger = shared.world.backref.as({ tenantId: "other", userId: "eve", role: "owner" });
    const told = async (records: Records) => {
      try {
        return { result: await call.run(stranger, records) };
      } catch (error) {
        const { code, message, data } = error as BackrefError;
        const ids = new RegExp([...Object.values(records)].join("|"), "g");
        return { code, data, message: message.replace(ids, "ID") };
      }
    };
    const answer = await told(shared.records);
    expect(answer).toEqual(await told(ofNobody));
    if (call.passesOver === true) expect(answer).toEqual({ result: undefined });
    else if (call.found === undefined) expect(answer).toMatchObject({ code: "not-found" });
    else expect(call.found((answer as { readonly result: never }).result)).toBe(0);
  });
});
