import { describe, expect, it } from "vitest";
import type { Actor, ProjectRole } from "../../src/domain/actor.ts";
import { type Action, actionTable, type ResourceKind, readActions } from "../../src/security/actions.ts";
import { parseActor } from "../../src/security/actor.ts";
import { createAuthoriser } from "../../src/security/authoriser.ts";
import type { Resource } from "../../src/security/policy.ts";

const authoriser = createAuthoriser();
const actions = Object.keys(actionTable) as Action[];
const kindOf = (action: Action) => action.slice(0, action.indexOf(".")) as ResourceKind;
const record = (action: Action, projectIds: readonly string[] | null): Resource => ({
  kind: kindOf(action),
  tenantId: "acme",
  projectIds,
  id: "r1",
});
const verdict = (actor: Actor, action: Action, projectIds: readonly string[] | null) =>
  authoriser.authorise(actor, action, record(action, projectIds)).then(
    () => "allowed",
    (error: { code: string }) => error.code,
  );
const inProject = (role: ProjectRole): Actor => ({ tenantId: "acme", userId: "u", projects: { web: role } });

// Written out by hand, so that a change of the table is a change here.
const sees = [
  "provider.read",
  "source.read",
  "relation.read",
  "reference.list",
  "issue.read",
  "defect.read",
  "comment.read",
  "link.read",
  "traceability.read",
  "activity.read",
];
const works = [
  "source.find-people",
  "reference.add",
  "reference.update",
  "reference.remove",
  "issue.search",
  "issue.refresh",
  "defect.create",
  "defect.update",
  "defect.report",
  "defect.push",
  "defect.attach",
  "defect.detach",
  "comment.add",
  "comment.update",
  "comment.delete",
  "link.pause",
  "link.resume",
  "link.retry",
  "link.resolve",
];
const configures = [
  "source.create",
  "source.update",
  "source.authorize",
  "source.test",
  "source.preview",
  "source.delete",
  "source.pair-people",
  "relation.create",
  "relation.update",
  "relation.delete",
];
const allowedTo: Readonly<Record<ProjectRole, readonly string[]>> = {
  viewer: sees,
  member: [...sees, ...works],
  admin: [...sees, ...works, ...configures, "defect.delete"],
};

describe("the permission table", () => {
  it("names every action once, each of a known kind", () => {
    expect(new Set([...sees, ...works, ...configures, "defect.delete"])).toEqual(new Set(actions));
    for (const action of actions) expect(Object.keys(readActions)).toContain(kindOf(action));
  });

  const roles = ["viewer", "member", "admin"] as const;
  const everyCase = roles.flatMap((role) => actions.map((action) => [role, action] as const));

  it.each(everyCase)("a project %s and %s, on a record of that project", async (role, action) => {
    const expected = allowedTo[role].includes(action) ? "allowed" : "permission-denied";
    expect(await verdict(inProject(role), action, ["web"])).toBe(expected);
  });

  it.each(everyCase)(
    "a project %s and %s, on a record of two projects of which one is theirs",
    async (role, action) => {
      const isAllowed = allowedTo[role].includes(action) && !configures.includes(action);
      expect(await verdict(inProject(role), action, ["web", "app"])).toBe(isAllowed ? "allowed" : "permission-denied");
    },
  );

  it.each(everyCase)("a project %s and %s, on a record for all projects", async (role, action) => {
    const isAllowed = allowedTo[role].includes(action) && !configures.includes(action);
    expect(await verdict(inProject(role), action, null)).toBe(isAllowed ? "allowed" : "permission-denied");
  });

  it.each(everyCase)("a project %s and %s, on records of other projects and of none", async (role, action) => {
    expect(await verdict(inProject(role), action, ["app"])).toBe("not-found");
    expect(await verdict(inProject(role), action, [])).toBe("not-found");
  });

  it.each(actions)("tenant owners, admins and the system may %s, in their tenant only", async (action) => {
    const actors: Actor[] = [
      { tenantId: "acme", userId: "u", role: "owner" },
      { tenantId: "acme", userId: "u", role: "admin" },
      { tenantId: "acme", system: true },
    ];
    for (const actor of actors) {
      for (const projectIds of [null, [], ["web"]]) expect(await verdict(actor, action, projectIds)).toBe("allowed");
      expect(await verdict({ ...actor, tenantId: "other" }, action, null)).toBe("not-found");
    }
  });

  it.each(actions)("somebody without any role finds nothing to %s", async (action) => {
    const stranger: Actor = { tenantId: "acme", userId: "u", permissions: [action] };
    for (const projectIds of [null, [], ["web"], ["constructor"]]) {
      expect(await verdict(stranger, action, projectIds)).toBe("not-found");
    }
  });

  it("extra permissions hold in projects the actor sees, and only there", async () => {
    const actor: Actor = { ...inProject("viewer"), permissions: ["defect.push", "source.update"] };
    expect(await verdict(actor, "defect.push", ["web"])).toBe("allowed");
    expect(await verdict(actor, "defect.push", ["app"])).toBe("not-found");
    expect(await verdict(actor, "source.update", ["web"])).toBe("allowed");
    expect(await verdict(actor, "source.update", ["web", "app"])).toBe("permission-denied");
    expect(await verdict(actor, "source.update", null)).toBe("permission-denied");
  });
});

describe("a host's policy", () => {
  it("replaces the table, but neither the tenant check nor the system actor", async () => {
    const asked: string[] = [];
    const own = createAuthoriser(async ({ action }) => {
      asked.push(action);
      return action === "source.read" || action === "source.delete";
    });
    const resource: Resource = { kind: "source", tenantId: "acme", projectIds: [] };
    const nobody: Actor = { tenantId: "acme", userId: "u" };
    await own.authorise(nobody, "source.delete", resource);
    await expect(own.authorise(nobody, "source.update", resource)).rejects.toMatchObject({ code: "permission-denied" });
    expect(asked).toEqual(["source.delete", "source.update", "source.read"]);
    await expect(own.authorise({ ...nobody, tenantId: "b" }, "source.delete", resource)).rejects.toMatchObject({
      code: "not-found",
    });
    const denying = createAuthoriser(() => false);
    await denying.authorise({ tenantId: "acme", system: true }, "source.delete", resource);
    await expect(
      denying.authorise({ ...nobody, role: "owner" } as Actor, "source.read", resource),
    ).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe("parseActor", () => {
  it("takes users and systems, and leaves out what it does not know", () => {
    expect(parseActor({ tenantId: "a", system: true })).toEqual({ tenantId: "a", system: true });
    const user = { tenantId: "a", userId: "u", role: "admin", projects: { web: "viewer" }, permissions: ["x"] };
    expect(parseActor({ ...user, displayName: undefined, session: 1 })).toEqual(user);
  });

  it.each([
    [null],
    ["acme"],
    [{}],
    [{ tenantId: "", userId: "u" }],
    [{ tenantId: "a" }],
    [{ tenantId: "a\0", userId: "u" }],
    [{ tenantId: "a", userId: "u".repeat(256) }],
    [{ tenantId: "a", userId: "u", role: "root" }],
    [{ tenantId: "a", userId: "u", projects: { web: "owner" } }],
    [{ tenantId: "a", userId: "u", system: true }],
    [{ tenantId: "a", system: false }],
  ])("refuses %j", (input) => {
    expect(() => parseActor(input)).toThrow(expect.objectContaining({ code: "invalid-input" }));
  });
});
