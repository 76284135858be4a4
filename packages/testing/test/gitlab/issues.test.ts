import { describe, expect, it } from "vitest";
import { needContract } from "../../../../tests/support/contracts.ts";
import { project, setUp, web } from "./client.ts";

describe("issues", () => {
  it("are created, listed by number, changed and closed", async () => {
    const { fake, call } = setUp();
    const made = await call("POST", `${web}/issues`, { title: "One", description: "Text", labels: ["a", "b"] });
    expect([made.status, made.body.iid, made.body.references.full]).toEqual([201, 1, `${project}#1`]);
    fake.as("ann").createIssue(project, { title: "Two" });
    const listed = await call("GET", `${web}/issues?iids[]=2&iids[]=1&iids[]=9&state=all&per_page=100`);
    expect(listed.body.map(({ iid }: { iid: number }) => iid)).toEqual([2, 1]);
    const change = { add_labels: ["c"], remove_labels: ["a"], state_event: "close" };
    const changed = await call("PUT", `${web}/issues/1`, change);
    expect([changed.body.state, changed.body.labels]).toEqual(["closed", ["b", "c"]]);
    expect((await call("PUT", `${web}/issues/1`, {})).status).toBe(400);
    expect(fake.violations).toEqual([]);
  });

  it("are told since a moment, page by page", async () => {
    const { fake, call } = setUp();
    for (let count = 1; count <= 3; count += 1) fake.as("ann").createIssue(project, { title: `${count}` });
    const since = new Date(fake.issue(`${project}#2`)?.updatedAt ?? 0).toISOString();
    const query = `updated_after=${since}&order_by=updated_at&sort=asc&per_page=1`;
    const page = await call("GET", `${web}/issues?${query}`);
    expect([page.body[0].title, page.headers.get("x-next-page")]).toEqual(["2", "2"]);
    const last = await call("GET", `${web}/issues?${query}&page=2`);
    expect([last.body[0].title, last.headers.get("x-next-page")]).toEqual(["3", ""]);
  });

  it("that were moved are closed and name the new one", async () => {
    const { fake, call } = setUp();
    fake.as("ann").createIssue(project, { title: "One", description: "Text" });
    const moved = fake.as("ann").moveIssue(`${project}#1`, "other/tools");
    const old = await call("GET", `${web}/issues/1`);
    expect([old.body.state, old.body.moved_to_id]).toEqual(["closed", moved.id]);
    const notes = await call("GET", `${web}/issues/1/notes?activity_filter=only_activity`);
    expect(notes.body.map(({ body }: { body: string }) => body)).toEqual(["moved to other/tools#1"]);
    expect((await call("GET", `/issues/${moved.id}`)).status).toBe(403);
  });

  it("that are confidential are hidden from guests", async () => {
    const { fake, call } = setUp();
    fake.as("ann").createIssue(project, { title: "One", confidential: true });
    const guest = fake.createToken({ user: "guest", accessLevel: 10 });
    expect((await call("GET", `${web}/issues`, undefined, guest)).body).toEqual([]);
    expect((await call("GET", `${web}/issues/1`, undefined, guest)).status).toBe(404);
    expect((await call("GET", `${web}/issues/1`)).status).toBe(200);
  });

  it("of a project with another path are read there, and not changed", async () => {
    const { fake, call } = setUp();
    fake.as("ann").createIssue(project, { title: "One" });
    fake.renameProject(project, "acme/shop/site");
    expect((await call("GET", `${web}/issues/1`)).body.references.full).toBe("acme/shop/site#1");
    expect((await call("PUT", `${web}/issues/1`, { title: "Two" })).status).toBe(405);
  });

  it("are held against GitLab's contract", async (context) => {
    needContract(context, "gitlab");
    const { fake, call } = setUp();
    expect((await call("POST", `${web}/issues`, { title: "One", summary: "x" })).status).toBe(400);
    expect(fake.violations).toEqual(["POST /projects/{id}/issues: body/summary is not declared"]);
  });
});

describe("access", () => {
  it("needs a token with the scope", async () => {
    const { fake, call } = setUp();
    expect((await call("GET", "/user", undefined, null)).status).toBe(401);
    expect((await call("GET", "/user", undefined, "glpat-none")).body.error).toBe("invalid_token");
    const reader = fake.createToken({ user: "reader", scopes: ["read_api"] });
    expect((await call("GET", "/personal_access_tokens/self", undefined, reader)).body.scopes).toEqual(["read_api"]);
    const refused = await call("POST", `${web}/issues`, { title: "One" }, reader);
    expect([refused.status, refused.body.error]).toEqual([403, "insufficient_scope"]);
  });

  it("works below a relative root; elsewhere is the page for signing in", async () => {
    const { fake, call } = setUp({ siteUrl: "https://host.example/gitlab" });
    expect((await call("GET", web)).body.web_url).toBe(`https://host.example/gitlab/${project}`);
    const page = await fake.fetch("https://host.example/api/v4/user");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  });

  it("is limited, with and without words about it", async () => {
    const { call } = setUp({ enforceLimits: true, limits: { requests: 2, issues: 1 }, now: () => 1_000 });
    await call("POST", `${web}/issues`, { title: "One" });
    const action = await call("POST", `${web}/issues`, { title: "Two" });
    expect([action.status, action.headers.get("retry-after")]).toEqual([429, null]);
    await call("GET", "/user");
    const all = await call("GET", "/user");
    expect([all.status, all.body, all.headers.get("retry-after")]).toEqual([429, "Retry later\n", "60"]);
  });
});
