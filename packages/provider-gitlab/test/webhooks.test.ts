import type { WebhookDelivery } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { project, setUp } from "./support.ts";

const url = "https://host.example/hooks/2";
const key = (byte: number) => Buffer.alloc(32, byte);
const hook = { container: project, url, secret: key(1).toString("base64url") };

function world() {
  const parts = setUp();
  const { fake } = parts;
  const deliveries = (): WebhookDelivery[] =>
    fake.webhooks.deliveries
      .filter((delivery) => delivery.url === url)
      .map(({ headers, body }) => ({ headers: new Headers(headers), body: new TextEncoder().encode(body) }));
  const verifies = (delivery: WebhookDelivery, secret: string) =>
    parts.provider.webhooks.verify(delivery, { secret, now: parts.time.now() });
  return { ...parts, deliveries, verifies };
}

describe("registering", () => {
  test("makes one hook of an address, with all events, however often it is asked", async () => {
    const { fake, provider, call } = world();
    fake.faults.add({ kind: "lost-after", match: { method: "POST", operation: "/projects/{id}/hooks" } });
    await expect(provider.webhooks.register?.(call(), hook)).rejects.toMatchObject({ failure: "ambiguous" });
    const again = await provider.webhooks.register?.(call(), { ...hook, secret: key(2).toString("base64url") });
    const found = fake.hooks.filter((candidate) => candidate.url === url);
    expect(found.map(({ id }) => String(id))).toEqual([again?.hookId]);
    expect(found[0]?.signingTokens).toEqual([`whsec_${key(2).toString("base64")}`]);
    expect(found[0]?.events).toEqual([
      ...["issues_events", "confidential_issues_events", "note_events", "confidential_note_events"],
    ]);
    await provider.webhooks.unregister?.(call(), { container: project, hookId: again?.hookId ?? "" });
    await provider.webhooks.unregister?.(call(), { container: project, hookId: again?.hookId ?? "" });
    expect(fake.hooks.filter((candidate) => candidate.url === url)).toEqual([]);
  });

  test("is for maintainers, and the message says so", async () => {
    const { fake, provider, call } = world();
    fake.changeToken(fake.token, { accessLevel: 30 });
    await expect(provider.webhooks.register?.(call(), hook)).rejects.toMatchObject({
      failure: "forbidden",
      message: expect.stringMatching(/maintainers of the project.*by hand/),
    });
  });
});

describe("verifying", () => {
  test("while a signing token is replaced, both secrets are good, and afterwards the new one", () => {
    const { fake, deliveries, verifies, ann } = world();
    const [before, after] = [1, 2].map((byte) => key(byte).toString("base64url")) as [string, string];
    const [first, second] = [1, 2].map((byte) => `whsec_${key(byte).toString("base64")}`) as [string, string];
    const id = fake.addWebhook(project, { url, token: "clear", signingTokens: [first, second] });
    ann.createIssue(project, { title: "One" });
    fake.changeWebhook(id, { signingTokens: [second] });
    ann.createIssue(project, { title: "Two" });
    const good = deliveries().map((delivery) => [before, after].map((secret) => verifies(delivery, secret)));
    expect(good).toEqual([
      [true, true],
      [false, true],
    ]);
    const [delivery] = deliveries();
    const changed = { headers: delivery?.headers ?? new Headers(), body: new TextEncoder().encode("{}") };
    expect([before, after, "clear"].map((secret) => verifies(changed, secret))).toEqual([false, false, false]);
  });

  test("a hook without signatures sends the secret itself", () => {
    const { fake, deliveries, verifies, ann } = world();
    fake.addWebhook(project, { url, token: "clear" });
    fake.addWebhook(project, { url });
    ann.createIssue(project, { title: "One" });
    const [withSecret, without] = deliveries();
    expect(["clear", "Clear", ""].map((secret) => withSecret && verifies(withSecret, secret))).toEqual([
      ...[true, false, false],
    ]);
    expect(["clear", ""].map((secret) => without && verifies(without, secret))).toEqual([false, false]);
  });
});

describe("reading", () => {
  const read = (provider: ReturnType<typeof setUp>["provider"], delivery: WebhookDelivery) => {
    const { name, hints } = provider.webhooks.read(delivery);
    return [name, ...hints.map(({ container, item, aspect, change }) => `${container}#${item} ${aspect} ${change}`)];
  };

  test.each(["iso", "utc"] as const)("says where to look, with times as %s", (times) => {
    const { fake, provider, deliveries, ann } = world();
    fake.webhooks.times = times;
    fake.addWebhook(project, { url });
    ann.createIssue(project, { title: "One" });
    ann.createIssue(project, { title: "Two", confidential: true });
    ann.createIssue(project, { title: "Three", kind: "task" });
    const { id } = ann.note(`${project}#1`, "hello", { internal: true });
    ann.editNote(id, "hello again");
    ann.editIssue(`${project}#1`, { state: "closed" });
    ann.moveIssue(`${project}#2`, "acme/shop/api");
    fake.push(project);
    expect(deliveries().map((delivery) => read(provider, delivery))).toEqual([
      ["issue.open", `${project}#1 issue changed`],
      ["issue.open", `${project}#2 issue changed`],
      ["work_item.open", `${project}#3 issue changed`],
      ["note.create", `${project}#1 comments changed`],
      ["note.update", `${project}#1 comments changed`],
      ["issue.close", `${project}#1 issue changed`],
      ["issue.close", `${project}#2 issue moved`],
      ["push"],
    ]);
  });

  const sent = (event: string, payload: unknown, headers: Readonly<Record<string, string>> = {}): WebhookDelivery => ({
    headers: new Headers({ "x-gitlab-event": event, ...headers }),
    body: new TextEncoder().encode(typeof payload === "string" ? payload : JSON.stringify(payload)),
  });
  const attributes = { id: 7, iid: 1, action: "open" };

  test.each([
    ["a work item of a group", "Work Item Hook", { object_kind: "work_item", object_attributes: attributes }],
    [
      "a note at a merge request",
      "Note Hook",
      { object_kind: "note", object_attributes: { noteable_type: "MergeRequest" } },
    ],
    ["a note at a commit", "Note Hook", { object_kind: "note", object_attributes: { noteable_type: "Commit" } }],
    ["an event that is not known", "Emoji Hook", { object_kind: "emoji" }],
  ])("leaves alone %s", (_, event, payload) => {
    const { provider } = world();
    expect(provider.webhooks.read(sent(event, payload)).hints).toEqual([]);
  });

  test("tells deliveries apart, also where GitLab gives them no key", () => {
    const { provider } = world();
    const payload = { object_kind: "issue", project: { path_with_namespace: project }, object_attributes: attributes };
    const id = (headers: Readonly<Record<string, string>>, body: unknown = payload) =>
      provider.webhooks.read(sent("Issue Hook", body, headers)).deliveryId;
    expect(id({ "idempotency-key": "k", "webhook-id": "w" })).toBe("k");
    expect(id({ "webhook-id": "w" })).toBe("w");
    const event = { "x-gitlab-event-uuid": "e" };
    expect(id(event)).toBe(id(event));
    // Events that one event leads to share its id.
    expect(id(event)).not.toBe(id(event, { ...payload, object_attributes: { ...attributes, action: "close" } }));
    expect(id({ ...event, "x-gitlab-webhook-uuid": "a" })).not.toBe(id({ ...event, "x-gitlab-webhook-uuid": "b" }));
  });

  test.each([
    ["no JSON", "<html>"],
    ["no issue", { object_kind: "issue", project: { path_with_namespace: project } }],
    ["a list", []],
  ])("what is %s is refused in words", (_, payload) => {
    const { provider } = world();
    expect(() => provider.webhooks.read(sent("Issue Hook", payload))).toThrow(/The delivery is not what GitLab sends/);
    expect(() => provider.webhooks.read({ ...sent("", {}), headers: new Headers() })).toThrow(/lacks the header/);
  });
});
