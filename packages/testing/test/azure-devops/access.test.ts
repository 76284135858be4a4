import { describe, expect, it } from "vitest";
import { needContract } from "../../../../tests/support/contracts.ts";
import { createFakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { basic, contractFolder, createClient, set } from "./client.ts";

const connection = "/_apis/connectionData";

function setUp(options: Parameters<typeof createFakeAzureDevOps>[0] = {}) {
  const fake = createFakeAzureDevOps({ projects: ["Web", "Büro 東京"], contractFolder, ...options });
  return { fake, call: createClient(fake) };
}

describe("credentials", () => {
  it("are a personal access token with any name, or a bearer of Microsoft Entra", async () => {
    const { fake, call } = setUp();
    const status = async (authorization: string | null) =>
      (await call("GET", connection, undefined, { authorization })).status;
    expect(await status(`Basic ${btoa(`anything:${fake.token}`)}`)).toBe(200);
    expect(await status(`Bearer ${fake.entraToken}`)).toBe(200);
    expect(await status(basic(fake.entraToken))).toBe(203);
    expect(await status(`Bearer ${fake.token}`)).toBe(203);
    expect(await status(null)).toBe(203);
    fake.revokeToken(fake.token);
    expect(await status(basic(fake.token))).toBe(203);
  });

  it.each([200, 203, 302, 401] as const)("that are not good are met with %s", async (signIn) => {
    const { fake, call } = setUp({ signIn });
    const answer = await call("GET", connection, undefined, { authorization: basic("expired") });
    expect(answer.status).toBe(signIn);
    if (signIn !== 302) expect(answer.headers.get("content-type")).toMatch("text/html");
    const followed = await fake.fetch(`${fake.url}${connection}`, { headers: { authorization: basic("expired") } });
    expect(await followed.text()).toMatch("Sign in");
  });

  it("are refused by a server without a page to sign in", async () => {
    const { call } = setUp({ deployment: "server" });
    const answer = await call("GET", connection, undefined, { authorization: null });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, expect.stringContaining("Basic")]);
  });

  it("reach as far as their scopes and permissions", async () => {
    const { fake, call } = setUp();
    const { id } = fake.as("ann").createIssue("Web", { title: "one" });
    fake.changeToken(fake.token, { scopes: ["vso.work"] });
    expect((await call("GET", `/_apis/wit/workitems/${id}`)).status).toBe(200);
    const unscoped = await call("PATCH", `/_apis/wit/workitems/${id}`, [set("System.Title", "x")]);
    expect([unscoped.status, unscoped.body.message]).toEqual([401, expect.stringMatching(/^TF400813/)]);
    fake.changeToken(fake.token, { scopes: ["vso.work_write"], permissions: ["view"] });
    const path = "/Web/_apis/wit/workitems/$Bug?validateOnly=true";
    expect((await call("POST", path, [set("System.Title", "x")])).status).toBe(403);
    fake.changeToken(fake.token, { projects: ["Web"] });
    expect((await call("GET", "/_apis/projects")).body.value.map(({ name }: { name: string }) => name)).toEqual([
      "Web",
    ]);
    expect((await call("GET", `/_apis/projects/${encodeURIComponent("Büro 東京")}`)).status).toBe(404);
  });
});

describe("versions of the API", () => {
  it("are required of writes, and those of a newer server refused", async () => {
    const { call } = setUp({ deployment: "server" });
    const create = (version: string | null) =>
      call("POST", "/Web/_apis/wit/workitems/$Bug", [set("System.Title", "x")], { version });
    expect((await create(null)).body.typeKey).toBe("VssVersionNotSpecifiedException");
    expect((await create("7.1")).body.typeKey).toBe("VssVersionOutOfRangeException");
    expect((await create("6.0")).status).toBe(200);
  });

  it("want JSON Patch for work items", async () => {
    const { call } = setUp();
    const headers = { "content-type": "application/json" };
    const made = await call("POST", "/Web/_apis/wit/workitems/$Bug", [set("System.Title", "x")], { headers });
    expect(made.status).toBe(415);
  });
});

it("takes projects by name in any letters or by id, under a context path too", async () => {
  const { fake, call } = setUp({ deployment: "server" });
  expect(fake.url).toBe("https://azure.example.com/tfs/DefaultCollection");
  const { body } = await call("GET", `/_apis/projects/${encodeURIComponent("büro 東京")}`);
  const made = await call("POST", `/${body.id}/_apis/wit/workitems/$Task`, [set("System.Title", "x")]);
  expect(made.body.fields["System.TeamProject"]).toBe("Büro 東京");
  expect((await call("GET", `/Web/_apis/wit/workitems/${made.body.id}`)).status).toBe(404);
});

it("knows people and paths", async () => {
  const { fake, call } = setUp({ projects: [{ name: "Web", areas: ["Shop", "Shop\\Cart"] }] });
  fake.addUser("ann", "Ann Example", "ann@corp.example");
  const identities =
    "https://vssps.dev.azure.com/acme/_apis/identities?searchFilter=General&filterValue=ann&api-version=7.1";
  const found = await fake.fetch(identities, { headers: { authorization: basic(fake.token) } });
  expect(await found.json()).toMatchObject({ count: 1, value: [{ providerDisplayName: "Ann Example" }] });
  const { id } = (await call("GET", "/_apis/projects/Web")).body.defaultTeam;
  const members = await call("GET", `/_apis/projects/Web/teams/${id}/members`);
  expect(members.body.value).toContainEqual({ identity: expect.objectContaining({ uniqueName: "ann@corp.example" }) });
  const areas = await call("GET", "/Web/_apis/wit/classificationnodes/areas?$depth=2");
  expect(areas.body.children).toMatchObject([{ name: "Shop", children: [{ name: "Cart", hasChildren: false }] }]);
  const create = (area: string, assignee: string) =>
    call("POST", "/Web/_apis/wit/workitems/$Bug", [
      set("System.Title", "x"),
      set("System.AreaPath", area),
      set("System.AssignedTo", assignee),
    ]);
  expect((await create("Web\\shop\\CART", "Ann Example <ann@corp.example>")).body.fields).toMatchObject({
    "System.AreaPath": "Web\\Shop\\Cart",
    "System.AssignedTo": { displayName: "Ann Example" },
  });
  const under = async (path: string) => {
    const query = `SELECT [System.Id] FROM WorkItems WHERE [System.AreaPath] UNDER '${path}'`;
    return (await call("POST", "/_apis/wit/wiql", { query })).body.workItems.length;
  };
  expect([await under("Web"), await under("Web\\Shop"), await under("Web\\Shop\\Cart\\X")]).toEqual([1, 1, 0]);
  expect((await create("Web\\Nowhere", "")).body.message).toMatch("TF401347");
  expect((await create("Web", "nobody")).body.customProperties.RuleValidationErrors).toMatchObject([
    { fieldReferenceName: "System.AssignedTo" },
  ]);
});

it("holds every request against the vendor's contract", async (context) => {
  needContract(context, "azure-devops");
  const { fake, call } = setUp();
  const wrong = await call("POST", "/_apis/wit/workitemsbatch?depth=1", { ids: ["x"], fild: [] });
  expect(wrong.status).toBe(400);
  expect(fake.violations).toEqual([
    expect.stringContaining("query/depth is not declared"),
    expect.stringContaining("body/ids/0 must be integer"),
    expect.stringContaining("body/fild is not declared"),
  ]);
});
