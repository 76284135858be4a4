import { createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeJira, type Deployment } from "@backref/testing/jira";
import { afterEach, describe, expect, test } from "vitest";
import { createJiraProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

const priority = { blocker: "1", critical: "2", major: "3", minor: "4", trivial: "5" };
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const backref of open.splice(0)) await backref.close();
});

async function setUp(deployment: Deployment) {
  const time = createVirtualTime();
  const jira = createFakeJira({ deployment, projects: ["WEB"], now: time.now, indexLagMs: 2_000, contractFolder });
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createJiraProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    clock: time.clock,
    scheduler: time.scheduler,
    fetch: jira.fetch,
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
  });
  open.push(backref);
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const auth =
    deployment === "cloud"
      ? { type: "api-token" as const, email: jira.email, token: jira.token }
      : { type: "personal-token" as const, token: jira.token };
  const source = await owner.sources.create({
    name: "Our Jira",
    provider: "jira",
    baseUrl: jira.siteUrl,
    auth,
    targets: [{ projectId: "web", container: "WEB" }],
    mapping: { priority: Object.entries(priority).map(([local, remote]) => ({ remote, local: [local] })) },
  });
  const app = backref.as({ tenantId: "acme", userId: "max", displayName: "Max", projects: { web: "member" } });
  const pass = async () => {
    await time.advance(61_000);
    await backref.sync.run();
  };
  return { time, jira, backref, owner, app, source, pass };
}

const details = "expected 30, got **29**\nat `cart.ts:12`\n\n* one\n* two";

describe.each(["cloud", "data-center"] as const)("%s", (deployment) => {
  test("a connection test finds nothing amiss", async () => {
    const { owner, source } = await setUp(deployment);
    expect((await owner.sources.test(source.id)).problems).toEqual([]);
  });

  test("a defect travels there and back, and once both sides agree nothing is sent any more", async () => {
    const { jira, app, pass } = await setUp(deployment);
    const { defect } = await app.defects.report({
      projectId: "web",
      failure: { caseId: "TC-7", runId: "R-1", title: "Total is wrong", details },
      priority: "critical",
    });
    const link = await app.defects.push(defect.id);
    expect(link).toMatchObject({ status: "synced", badge: { text: "WEB-1" } });
    expect(jira.issue("WEB-1")).toMatchObject({ summary: "Total is wrong", priority: "2", category: "new" });
    expect(jira.issue("WEB-1")?.links).toMatchObject([
      { object: { url: `https://tests.example.com/defects/${defect.id}` } },
    ]);

    const before = await app.defects.get(defect.id);
    await pass();
    await pass();
    expect(jira.requests.filter(({ method }) => method === "PUT")).toEqual([]);
    expect((await app.defects.get(defect.id)).description).toBe(before.description);

    const untidy = "* one\n* two\n\n__bold__ <!-- hidden -->";
    await app.defects.update(defect.id, { description: untidy });
    await pass();
    await pass();
    expect((await app.defects.get(defect.id)).description).toBe(untidy);
    // Data Center has no place for how a text was written: what people edit there comes in the one form that is read here.
    expect(jira.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);

    const lena = jira.as("lena");
    lena.moveTo("WEB-1", "Done");
    lena.editIssue("WEB-1", { summary: "Total is wrong with a voucher", priority: "1" });
    await pass();
    const changed = await app.defects.get(defect.id);
    expect(changed).toMatchObject({ status: "closed", title: "Total is wrong with a voucher", priority: "blocker" });

    await app.defects.update(defect.id, { status: "in-progress" });
    await pass();
    expect(jira.issue("WEB-1")).toMatchObject({ category: "indeterminate", resolution: null });
    await app.defects.update(defect.id, { status: "closed" });
    await pass();
    expect(jira.issue("WEB-1")).toMatchObject({ status: "Done", resolution: "Done" });

    const mark = jira.mark();
    await pass();
    await pass();
    const writes = jira
      .requestsSince(mark)
      .filter(({ operation, method }) => method !== "GET" && !/search|comment\/list|bulkfetch/.test(operation));
    expect(writes).toEqual([]);
    const [row] = await app.defects.links(defect.id);
    expect(row?.status).toBe("synced");
  });

  test("what Jira writes otherwise is still the text of the host, and nothing is amiss", async () => {
    const { jira, app, pass } = await setUp(deployment);
    const texts = ["* one\n* two", "a_b_c [x] {y} <z>", "Title\n=====\n1) one", "a\n\n\n\nb", "| a |\n|---|\n| 1 |"];
    for (const description of texts) {
      const { id } = await app.defects.create({ projectId: "web", title: "Wrong", description });
      expect(await app.defects.push(id)).toMatchObject({ status: "synced", message: null });
      // Nobody gave one, and Jira begins with its own.
      expect((await app.defects.get(id)).priority).toBe("major");
      await app.defects.update(id, { description: `more\n\n${description}` });
      await pass();
      await pass();
      expect((await app.defects.get(id)).description).toBe(`more\n\n${description}`);
      expect(await app.defects.links(id)).toMatchObject([{ status: "synced", message: null }]);
    }
    expect(jira.requests.filter(({ method }) => method === "PUT")).toHaveLength(texts.length);
  });

  test("comments travel both ways; those for a role alone stay there", async () => {
    const { jira, app, pass } = await setUp(deployment);
    const { defect } = await app.defects.report({
      projectId: "web",
      failure: { caseId: "TC-7", runId: "R-1", title: "Wrong", details: "x" },
    });
    await app.defects.push(defect.id);
    const rich = (text: string) =>
      deployment === "cloud"
        ? { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text }] }] }
        : text;
    jira.as("lena").comment("WEB-1", rich("Fixed in 1.4"));
    jira.as("lena").comment("WEB-1", rich("Not for testers"), { visibility: { type: "role", value: "Developers" } });
    await app.comments.add({ defectId: defect.id, body: "Still *wrong* in 1.5" });
    await pass();
    await pass();
    const { items } = await app.comments.list({ defectId: defect.id });
    expect(items.map(({ body }) => body).sort()).toEqual(["Fixed in 1.4", "Still *wrong* in 1.5"]);
    expect(jira.issue("WEB-1")?.comments).toHaveLength(3);
    const mark = jira.mark();
    await pass();
    expect(
      jira
        .requestsSince(mark)
        .filter(({ method, operation }) => method !== "GET" && /comment(?:\/\{id\})?$/.test(operation)),
    ).toEqual([]);
  });
});
