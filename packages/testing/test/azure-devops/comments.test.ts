import { expect, it } from "vitest";
import { createFakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { basic, contractFolder, createClient, set, test } from "./client.ts";

function setUp(deployment: "services" | "server" = "services") {
  const fake = createFakeAzureDevOps({ deployment, projects: ["Web shop"], contractFolder });
  const { id } = fake.as("ann").createIssue("Web shop", { title: "one" });
  return { fake, call: createClient(fake), id, path: `/Web%20shop/_apis/wit/workItems/${id}/comments` };
}

it("keeps the format they were written in, and a version for every edit", async () => {
  const { fake, call, id, path } = setUp();
  const made = await call("POST", `${path}?format=markdown`, { text: "**bold**" });
  expect(made.body).toMatchObject({ workItemId: Number(id), version: 1, text: "**bold**", format: "markdown" });
  const edited = await call("PATCH", `${path}/${made.body.id}?format=markdown`, { text: "_thin_" });
  expect(edited.body).toMatchObject({ id: made.body.id, version: 2, text: "_thin_", format: "markdown" });
  expect((await call("POST", path, { text: "<b>x</b>" })).body.format).toBe("html");
  expect(fake.issue(id)?.comments.map(({ body, format }) => [body, format])).toEqual([
    ["_thin_", "markdown"],
    ["<b>x</b>", "html"],
  ]);
  expect(fake.violations).toEqual([]);
});

it("lists them newest first or oldest first in pages, deleted ones only to who asks", async () => {
  const { fake, call, id, path } = setUp();
  const ids = ["a", "b", "c"].map((text) => fake.as("backref-bot").comment(id, text).id);
  expect((await call("DELETE", `${path}/${ids[1]}`)).status).toBe(204);
  const texts = async (query: string) => {
    const { body } = await call("GET", `${path}?${query}`);
    return { texts: body.comments.map((comment: { text: string }) => comment.text), next: body.continuationToken };
  };
  expect(await texts("")).toEqual({ texts: ["c", "a"], next: undefined });
  expect(await texts("order=asc&$top=1")).toEqual({ texts: ["a"], next: "1" });
  expect(await texts("order=asc&$top=1&continuationToken=1")).toEqual({ texts: ["c"], next: undefined });
  expect((await texts("includeDeleted=true&order=asc")).texts).toEqual(["a", "b", "c"]);
  expect((await call("GET", `${path}/${ids[1]}`)).status).toBe(404);
  const gone = await call("GET", `${path}/${ids[1]}?includeDeleted=true`);
  expect(gone.body).toMatchObject({ isDeleted: true, version: 2 });
});

it("makes a revision of the item of whatever happens to a comment", async () => {
  const { fake, call, id, path } = setUp();
  const made = await call("POST", path, { text: "one" });
  expect(fake.issue(id)?.rev).toBe(2);
  await call("PATCH", `${path}/${made.body.id}`, { text: "two" });
  await call("DELETE", `${path}/${made.body.id}`);
  expect(fake.issue(id)?.rev).toBe(4);
  const refused = await call("PATCH", `/_apis/wit/workitems/${id}`, [test(1), set("System.Title", "x")]);
  expect(refused.status).toBe(412);
  const by = await call("PATCH", `/_apis/wit/workitems/${id}`, [set("System.History", "by the history")]);
  expect(by.body.fields["System.History"]).toBe("by the history");
  expect(fake.issue(id)?.comments.map(({ body }) => body)).toEqual(["by the history"]);
});

it("lets only who wrote one change it", async () => {
  const { fake, call, id, path } = setUp();
  const { id: comment } = fake.as("ann").comment(id, "mine");
  expect((await call("PATCH", `${path}/${comment}`, { text: "yours" })).status).toBe(403);
  expect((await call("DELETE", `${path}/${comment}`)).status).toBe(403);
  const authorization = basic(fake.createToken({ user: "ann" }));
  expect((await call("PATCH", `${path}/${comment}`, { text: "mine still" }, { authorization })).status).toBe(200);
});

it("are a preview that wants to be named, and HTML alone on Server", async () => {
  const { call, path } = setUp();
  const refused = await call("POST", path, { text: "x" }, { version: "7.1" });
  expect([refused.status, refused.body.typeKey]).toEqual([400, "VssInvalidPreviewVersionException"]);
  const server = setUp("server");
  const made = await server.call("POST", `${server.path}?format=markdown`, { text: "**x**" });
  expect(made.body).not.toHaveProperty("format");
  expect(server.fake.issue(server.id)?.comments[0]?.format).toBe("html");
});
