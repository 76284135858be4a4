import { createBackref } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, test } from "vitest";
import { createUrlTemplateProvider } from "../src/index.ts";

const object = { type: "test-case", id: "TC-7", projectId: "web" };
const youTrackKeys = { keyPattern: "(?<container>[A-Z]+)-(?<item>[1-9][0-9]*)", keyCase: "upper" } as const;

/** A host with this provider alone, and no keys. */
async function start() {
  const backref = createBackref({ storage: createMemoryStorage(), providers: [createUrlTemplateProvider()] });
  const app = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const bugzilla = await app.sources.create({
    name: "Bugzilla",
    provider: "url-template",
    baseUrl: "https://bugzilla.example/",
    options: { issueUrlTemplate: "/show_bug.cgi?id={item}", createUrlTemplate: "/enter_bug.cgi?short_desc={title}" },
  });
  const youTrack = await app.sources.create({
    name: "YouTrack",
    provider: "url-template",
    baseUrl: "https://youtrack.example",
    options: { issueUrlTemplate: "/issue/{key}", ...youTrackKeys },
    targets: [{ projectId: "web", container: "WEB" }],
  });
  const add = async (issue: string) => (await app.references.add({ object, issue, relation: "relates-to" })).issue;
  return { backref, app, bugzilla, youTrack, add };
}

describe("in core, without a credential and without keys", () => {
  test("the source of a URL and of a key is found by itself", async () => {
    const { add, bugzilla, youTrack } = await start();
    expect(await add("https://bugzilla.example/show_bug.cgi?ctype=xml&id=12#c3")).toMatchObject({
      sourceId: bugzilla.id,
      key: "#12",
      url: "https://bugzilla.example/show_bug.cgi?id=12",
      title: null,
    });
    expect(await add("https://youtrack.example/issue/WEB-3/It-breaks")).toMatchObject({
      sourceId: youTrack.id,
      key: "WEB-3",
    });
    expect(await add("#13")).toMatchObject({ sourceId: bugzilla.id, key: "#13" });
    expect(await add("app-4")).toMatchObject({ sourceId: youTrack.id, url: "https://youtrack.example/issue/APP-4" });
  });

  test("URL and key of one issue are one issue", async () => {
    const { add } = await start();
    const first = await add("web-3");
    expect((await add("http://www.youtrack.example/issue/WEB-3?p=1")).id).toBe(first.id);
    const bug = await add("https://bugzilla.example/show_bug.cgi?id=12");
    expect((await add("12")).id).toBe(bug.id);
  });

  test("the page for a new issue is that of the project's own product", async () => {
    const { app, bugzilla } = await start();
    const options = {
      issueUrlTemplate: "/show_bug.cgi?id={item}",
      createUrlTemplate: "/enter_bug.cgi?product={container}&short_desc={title}",
    };
    const targets = { upsert: [{ projectId: "web", container: "Web shop" }] };
    await app.sources.update(bugzilla.id, { options, targets });
    const createUrl = async (projectId: string) => {
      const { sources } = await app.references.options({ projectId, draft: { title: "Total" } });
      return sources.find(({ id }) => id === bugzilla.id)?.createUrl;
    };
    expect(await createUrl("web")).toBe("https://bugzilla.example/enter_bug.cgi?product=Web%20shop&short_desc=Total");
    expect(await createUrl("api")).toBeNull();
  });

  test("containers that a source may not reach are refused", async () => {
    const { app, youTrack, add } = await start();
    await app.sources.update(youTrack.id, { containers: ["WEB"] });
    await expect(add("APP-4")).rejects.toMatchObject({ code: "container-not-allowed" });
    expect((await add("web-4")).key).toBe("WEB-4");
  });

  test("wrong options are refused with the place and in words, and nothing is stored", async () => {
    const { app } = await start();
    const create = app.sources.create({
      name: "Wrong",
      provider: "url-template",
      baseUrl: "https://tracker.example",
      options: { issueUrlTemplate: "javascript:alert({item})" },
    });
    await expect(create).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("must begin with https://"),
      issues: [{ path: ["options", "issueUrlTemplate"] }],
    });
    expect((await app.sources.list()).items).toHaveLength(2);
  });

  test("plain http and private networks are up to the host", async () => {
    const { app } = await start();
    const inside = {
      name: "Inside",
      provider: "url-template",
      baseUrl: "http://bugs.internal",
      options: { issueUrlTemplate: "/{item}" },
    } as const;
    await expect(app.sources.create(inside)).rejects.toMatchObject({ code: "invalid-input" });
    const storage = createMemoryStorage();
    const open = createBackref({ storage, providers: [createUrlTemplateProvider()], allowPrivateAddresses: true });
    const there = open.as({ tenantId: "acme", userId: "olga", role: "owner" });
    await there.sources.create(inside);
    const { issue } = await there.references.add({ object, issue: "7", relation: "relates-to" });
    expect(issue.url).toBe("http://bugs.internal/7");
  });

  test("options change as long as known issues keep their keys and URLs", async () => {
    const { app, bugzilla, add } = await start();
    await add("https://bugzilla.example/show_bug.cgi?id=12");
    const issueUrlTemplate = "/show_bug.cgi?id={item}";
    const keyPattern = "#?(?<item>[0-9]{1,6})";
    const changed = await app.sources.update(bugzilla.id, { options: { issueUrlTemplate, keyPattern } });
    expect(changed.options).toMatchObject({ keyPattern, createUrlTemplate: null });
    const elsewhere = app.sources.update(bugzilla.id, { options: { issueUrlTemplate: "/bug/{item}" } });
    await expect(elsewhere).rejects.toMatchObject({ code: "source-in-use" });
  });
});
