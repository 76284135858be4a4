import { describe, expect, it } from "vitest";
import { createFakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { basic, contractFolder, createClient, type Loose } from "./client.ts";

function setUp(answer: () => number = () => 200) {
  const received: Request[] = [];
  const fake = createFakeAzureDevOps({
    projects: ["Web", "Shop"],
    contractFolder,
    webhooks: "manual",
    deliver: async (request) => {
      received.push(request);
      return new Response(null, { status: answer() });
    },
  });
  const call = createClient(fake);
  const consumerInputs = {
    url: "https://host.example/hooks",
    httpHeaders: "X-Backref-Secret: s3cret\nX-Other: two",
    basicAuthUsername: "backref",
    basicAuthPassword: "p:ä",
    resourceDetailsToSend: "all",
  };
  const subscribe = async (eventType: string, changes: object = {}, publisherInputs: object = {}) =>
    call("POST", "/_apis/hooks/subscriptions", {
      publisherId: "tfs",
      eventType,
      resourceVersion: "1.0",
      consumerId: "webHooks",
      consumerActionId: "httpRequest",
      publisherInputs,
      consumerInputs: { ...consumerInputs, ...changes },
    });
  return { fake, call, subscribe, received };
}

describe("subscriptions", () => {
  it("are made, listed without their secrets, and deleted", async () => {
    const { fake, call, subscribe } = setUp();
    const { body } = await subscribe("workitem.updated");
    expect(body).toMatchObject({ status: "enabled", eventType: "workitem.updated" });
    const listed = await call("GET", "/_apis/hooks/subscriptions?eventType=workitem.updated");
    expect(listed.body.value).toMatchObject([
      { id: body.id, consumerInputs: { url: "https://host.example/hooks", basicAuthPassword: "********" } },
    ]);
    expect(JSON.stringify(listed.body)).not.toContain("s3cret");
    expect((await call("DELETE", `/_apis/hooks/subscriptions/${body.id}`)).status).toBe(204);
    expect(fake.hooks).toEqual([]);
    expect(fake.violations).toEqual([]);
  });

  it("are refused to who may not, for hosts in special ranges, and for events that do not exist", async () => {
    const { fake, subscribe } = setUp();
    expect((await subscribe("workitem.updated", { url: "https://127.0.0.1/x" })).status).toBe(400);
    expect((await subscribe("workitem.updated", { url: "http://host.example/x" })).status).toBe(400);
    expect((await subscribe("workitem.exploded")).status).toBe(400);
    fake.changeToken(fake.token, { permissions: ["view", "edit"] });
    expect((await subscribe("workitem.updated")).status).toBe(403);
  });
});

describe("deliveries", () => {
  it("carry both proofs, the event's id and what changed", async () => {
    const { fake, subscribe, received } = setUp();
    for (const name of ["created", "updated", "commented", "deleted", "restored"]) await subscribe(`workitem.${name}`);
    const ann = fake.as("ann");
    const { id } = ann.createIssue("Web", { title: "one" });
    ann.moveTo(id, "Active");
    ann.comment(id, "hello");
    ann.deleteIssue(id);
    ann.restoreIssue(id);
    expect(fake.webhooks.pending.map(({ event }) => event)).toEqual([
      "workitem.created",
      "workitem.updated",
      "workitem.updated",
      "workitem.commented",
      "workitem.deleted",
      "workitem.restored",
    ]);
    await fake.webhooks.flush();
    expect(received[1]?.headers.get("authorization")).toBe(`Basic ${btoa("backref:p:Ã¤")}`);
    expect(received[1]?.headers.get("x-backref-secret")).toBe("s3cret");
    const [created, updated, , commented]: Loose[] = await Promise.all(received.map((request) => request.json()));
    expect(created).toMatchObject({ eventType: "workitem.created", resource: { id: Number(id), rev: 1 } });
    expect(updated).toMatchObject({
      id: fake.webhooks.deliveries[1]?.id,
      publisherId: "tfs",
      resource: {
        workItemId: Number(id),
        rev: 2,
        fields: { "System.State": { oldValue: "New", newValue: "Active" } },
        revision: { fields: { "System.ChangedBy": "ann <ann@example.com>" } },
      },
    });
    expect(commented.resource.fields["System.History"]).toBe("hello");
  });

  it("say as little as the subscription wants, of the projects it names", async () => {
    const { fake, call, subscribe, received } = setUp();
    const { id: projectId } = (await call("GET", "/_apis/projects/Web")).body;
    await subscribe("workitem.updated", { resourceDetailsToSend: "minimal", messagesToSend: "none" }, { projectId });
    const ann = fake.as("ann");
    const { id } = ann.createIssue("Web", { title: "one" });
    ann.editIssue(id, { title: "two" });
    ann.editIssue(ann.createIssue("Shop", { title: "other" }).id, { title: "other!" });
    await fake.webhooks.flush();
    expect(received).toHaveLength(1);
    const body: Loose = await received[0]?.json();
    expect(Object.keys(body.resource)).toEqual(["id", "workItemId", "rev", "url"]);
    expect(body).not.toHaveProperty("message");
  });

  it("are of the type, the area and the field that the subscription names", async () => {
    const { fake, subscribe } = setUp();
    fake.addProject({ name: "Big", areas: ["Shop", "Shop\\Cart"] });
    await subscribe("workitem.created", {}, { workItemType: "Task" });
    await subscribe("workitem.created", {}, { areaPath: "Big\\Shop" });
    await subscribe("workitem.updated", {}, { changedFields: "System.State" });
    const ann = fake.as("ann");
    const { id } = ann.createIssue("Big", { title: "bug" });
    expect(fake.webhooks.pending).toHaveLength(0);
    ann.createIssue("Big", { title: "task", type: "Task" });
    ann.createIssue("Big", { title: "cart", fields: { "System.AreaPath": "Big\\Shop\\Cart" } });
    expect(fake.webhooks.pending).toHaveLength(2);
    ann.editIssue(id, { title: "bug!" });
    expect(fake.webhooks.pending).toHaveLength(2);
    ann.moveTo(id, "Active");
    expect(fake.webhooks.pending).toHaveLength(3);
  });

  it("come again under the same id", async () => {
    const { fake, subscribe, received } = setUp();
    await subscribe("workitem.created");
    fake.as("ann").createIssue("Web", { title: "one" });
    const [delivery] = fake.webhooks.pending;
    await fake.webhooks.flush();
    await fake.webhooks.redeliver(delivery?.id ?? "");
    const bodies: Loose[] = await Promise.all(received.map((request) => request.json()));
    expect(bodies.map(({ id }) => id)).toEqual([delivery?.id, delivery?.id]);
  });
});

describe("a subscription that fails", () => {
  it("goes on probation, where new events are lost until the failed one arrives", async () => {
    let status = 500;
    const { fake, subscribe } = setUp(() => status);
    await subscribe("workitem.updated");
    const ann = fake.as("ann");
    const { id } = ann.createIssue("Web", { title: "one" });
    ann.editIssue(id, { title: "two" });
    await fake.webhooks.flush();
    expect(fake.hooks[0]?.status).toBe("onProbation");
    ann.editIssue(id, { title: "lost" });
    expect(fake.webhooks.pending).toEqual([]);
    status = 200;
    await fake.webhooks.redeliver(fake.webhooks.deliveries[0]?.id ?? "");
    expect(fake.hooks[0]?.status).toBe("enabled");
    ann.editIssue(id, { title: "told" });
    expect(fake.webhooks.pending).toHaveLength(1);
  });

  it("ends after seven tries on probation, or with 410 at once, and not for a moment's trouble", async () => {
    let status = 503;
    const { fake, subscribe } = setUp(() => status);
    await subscribe("workitem.created");
    fake.as("ann").createIssue("Web", { title: "one" });
    await fake.webhooks.flush();
    const { id = "" } = fake.webhooks.deliveries[0] ?? {};
    for (let count = 0; count < 7; count += 1) await fake.webhooks.redeliver(id);
    expect(fake.hooks[0]?.status).toBe("enabled");
    await fake.webhooks.redeliver(id);
    expect(fake.hooks[0]?.status).toBe("onProbation");
    status = 400;
    for (let count = 0; count < 7; count += 1) await fake.webhooks.redeliver(id);
    expect(fake.hooks[0]?.status).toBe("disabledBySystem");
    status = 410;
    const other = setUp(() => status);
    await other.subscribe("workitem.created");
    other.fake.as("ann").createIssue("Web", { title: "one" });
    await other.fake.webhooks.flush();
    expect(other.fake.hooks[0]?.status).toBe("disabledBySystem");
  });
});

it("shows hooks to the account's own tokens alone", async () => {
  const { fake, call } = setUp();
  const authorization = basic(fake.createToken({ user: "eve", permissions: [] }));
  expect((await call("GET", "/_apis/hooks/subscriptions", undefined, { authorization })).status).toBe(403);
});
