import { describe, expect, it } from "vitest";
import { createFakeAzureDevOps, type FakeAzureDevOpsOptions } from "../../src/azure-devops/index.ts";
import { createVirtualTime } from "../../src/index.ts";
import { contractFolder, createClient } from "./client.ts";

function setUp(options: FakeAzureDevOpsOptions = {}) {
  const time = createVirtualTime();
  const projects = ["Web", "Shop"];
  const fake = createFakeAzureDevOps({ projects, contractFolder, now: time.now, ...options });
  const call = createClient(fake);
  const poll = async (query: string, project = "") => {
    const { body } = await call(
      "GET",
      `${project}/_apis/wit/reporting/workitemrevisions?includeLatestOnly=true&${query}`,
    );
    const told = body.values.map(
      ({ id, rev, fields }: { id: number; rev: number; fields: Record<string, unknown> }) =>
        `${id} ${rev}${fields["System.IsDeleted"] === true ? " deleted" : ""}`,
    );
    return { told, token: body.continuationToken as string, isLast: body.isLastBatch as boolean };
  };
  return { time, fake, call, poll };
}

describe("the report of revisions", () => {
  it("goes on from its token, tells of an item once, and repeats nothing", async () => {
    const { fake, poll } = setUp();
    const ann = fake.as("ann");
    const [one, two] = ["one", "two"].map((title) => ann.createIssue("Web", { title }));
    ann.editIssue(one?.id ?? "", { title: "one!" });
    const first = await poll("");
    expect(first).toMatchObject({ told: [`${two?.id} 1`, `${one?.id} 2`], isLast: true });
    expect(first.token).toBe(`603;${one?.id};2`);
    expect(await poll(`continuationToken=${first.token}`)).toEqual({ told: [], token: first.token, isLast: true });
    ann.comment(two?.id ?? "", "x");
    expect((await poll(`continuationToken=${first.token}`)).told).toEqual([`${two?.id} 2`]);
    expect(fake.violations).toEqual([]);
  });

  it("comes in pages of bounded size", async () => {
    const { fake, poll } = setUp({ reportingPageSize: 2 });
    for (const title of ["a", "b", "c"]) fake.as("ann").createIssue("Web", { title });
    const first = await poll("");
    expect([first.told.length, first.isLast]).toEqual([2, false]);
    expect(await poll(`continuationToken=${first.token}`)).toMatchObject({ told: [expect.any(String)], isLast: true });
    const bounded = await poll("$maxPageSize=1");
    expect([bounded.told.length, bounded.isLast]).toEqual([1, false]);
  });

  it("tells of deletes and restores, of moves to another project, and of nothing destroyed", async () => {
    const { fake, poll } = setUp();
    const ann = fake.as("ann");
    const { id } = ann.createIssue("Web", { title: "one" });
    const { token } = await poll("");
    ann.deleteIssue(id);
    expect((await poll(`continuationToken=${token}`)).told).toEqual([]);
    expect((await poll(`continuationToken=${token}&includeDeleted=true`)).told).toEqual([`${id} 2 deleted`]);
    ann.restoreIssue(id);
    ann.moveIssue(id, "Shop");
    expect((await poll("includeDeleted=true")).told).toEqual([`${id} 4`]);
    expect((await poll("includeDeleted=true", "/Web")).told).toEqual([]);
    expect((await poll("includeDeleted=true", "/Shop")).told).toEqual([`${id} 4`]);
    ann.destroyIssue(id);
    expect((await poll("includeDeleted=true")).told).toEqual([]);
  });

  it("begins at a time, lags behind by as much as it is set to, and refuses a token of another kind", async () => {
    const { fake, poll, time, call } = setUp({ indexLagMs: 5_000 });
    fake.as("ann").createIssue("Web", { title: "old" });
    await time.advance(60_000);
    const since = new Date(time.now()).toISOString();
    const { id } = fake.as("ann").createIssue("Web", { title: "new" });
    expect((await poll(`startDateTime=${since}`)).told).toEqual([]);
    await time.advance(5_000);
    expect((await poll(`startDateTime=${since}`)).told).toEqual([`${id} 1`]);
    const wrong = await call("GET", "/_apis/wit/reporting/workitemrevisions?continuationToken=x");
    expect(wrong.status).toBe(400);
  });

  it("leaves long texts out unless they are asked for", async () => {
    const { fake, call } = setUp();
    fake.as("ann").createIssue("Web", { title: "one", description: "<p>long</p>" });
    const fields = async (query: string) =>
      (await call("GET", `/_apis/wit/reporting/workitemrevisions?${query}`)).body.values[0].fields;
    expect(await fields("")).not.toHaveProperty(["Microsoft.VSTS.TCM.ReproSteps"]);
    expect((await fields("$expand=fields"))["Microsoft.VSTS.TCM.ReproSteps"]).toBe("<p>long</p>");
    expect((await fields(""))["System.ChangedBy"]).toBe("ann <ann@example.com>");
    expect((await fields("includeIdentityRef=true"))["System.ChangedBy"]).toMatchObject({
      uniqueName: "ann@example.com",
    });
  });
});

describe("the recycle bin", () => {
  it("has what reads no longer find, and not what the caller may not see", async () => {
    const { fake, call } = setUp();
    const ann = fake.as("ann");
    const [gone, foreign] = [ann.createIssue("Web", { title: "gone" }), ann.createIssue("Shop", { title: "foreign" })];
    fake.changeToken(fake.token, { projects: ["Web"] });
    expect((await call("DELETE", `/Web/_apis/wit/workitems/${gone.id}`)).body).toMatchObject({
      id: Number(gone.id),
      code: 200,
    });
    for (const { id } of [gone, foreign]) {
      const read = await call("GET", `/_apis/wit/workitems/${id}`);
      expect([read.status, read.body.message]).toEqual([404, expect.stringMatching(/^TF401232/)]);
    }
    const listed = await call("GET", `/Web/_apis/wit/recyclebin?ids=${gone.id},${foreign.id}`);
    expect(listed.body.value).toMatchObject([
      { id: Number(gone.id), code: 200 },
      { id: Number(foreign.id), code: 404 },
    ]);
    expect((await call("GET", `/Web/_apis/wit/recyclebin/${gone.id}`)).body.resource.fields["System.Title"]).toBe(
      "gone",
    );
    expect(fake.violations).toEqual([]);
  });

  it("gives back what is restored under its id, and nothing that was destroyed", async () => {
    const { fake, call } = setUp();
    const { id } = fake.as("ann").createIssue("Web", { title: "one" });
    fake.as("ann").deleteIssue(id);
    const restored = await call("PATCH", `/Web/_apis/wit/recyclebin/${id}`, { isDeleted: false });
    expect(restored.body.resource).toMatchObject({ id: Number(id), rev: 3 });
    expect((await call("GET", `/_apis/wit/workitems/${id}`)).status).toBe(200);
    expect((await call("DELETE", `/Web/_apis/wit/workitems/${id}?destroy=true`)).status).toBe(200);
    expect((await call("GET", `/Web/_apis/wit/recyclebin/${id}`)).status).toBe(404);
    expect(fake.issue(id)).toBe(null);
  });
});

describe("queries", () => {
  const query = (where: string, order = "[System.Id]") =>
    `SELECT [System.Id] FROM WorkItems WHERE ${where} ORDER BY ${order}`;

  it("find items by fields, people, tags and times", async () => {
    const { fake, call, time } = setUp();
    const ann = fake.as("ann");
    const one = ann.createIssue("Web", { title: "It's broken", tags: ["late", "web"], assignee: "bob" });
    await time.advance(1_000);
    const two = ann.createIssue("Shop", { title: "Slow", type: "Task", priority: 1 });
    ann.deleteIssue(ann.createIssue("Web", { title: "gone" }).id);
    const find = async (where: string, order?: string) => {
      const { status, body } = await call("POST", "/Web/_apis/wit/wiql?timePrecision=true", {
        query: query(where, order),
      });
      return status === 200 ? body.workItems.map(({ id }: { id: number }) => String(id)) : body.message;
    };
    expect(await find("[System.Title] CONTAINS 'it''s BROKEN'")).toEqual([one.id]);
    expect(await find("[System.TeamProject] IN ('Web', 'Shop')", "[System.ChangedDate] DESC")).toEqual([
      two.id,
      one.id,
    ]);
    expect(await find("[System.TeamProject] = @project")).toEqual([one.id]);
    expect(await find("[System.Tags] CONTAINS 'LATE' AND [System.Tags] NOT CONTAINS 'lat'")).toEqual([one.id]);
    expect(await find("[Assigned To] = 'bob@example.com' OR NOT ([System.WorkItemType] <> 'Task')")).toEqual([
      one.id,
      two.id,
    ]);
    expect(await find("[Microsoft.VSTS.Common.Priority] < 2")).toEqual([two.id]);
    expect(await find("[System.CreatedBy] = @Me")).toEqual([]);
    expect(await find(`[System.CreatedDate] >= '${new Date(time.now()).toISOString()}'`)).toEqual([two.id]);
    expect(await find("[Nothing] = 1")).toMatch("TF51005");
    expect(await find("[System.Id] ==")).toMatch("TF51006");
  });

  it("compare days alone unless they are asked for times", async () => {
    const { call, time } = setUp();
    const asked = { query: query(`[System.CreatedDate] >= '${new Date(time.now()).toISOString()}'`) };
    expect((await call("POST", "/Web/_apis/wit/wiql", asked)).body.message).toMatch("date precision");
  });
});
