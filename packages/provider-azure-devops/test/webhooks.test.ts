import { Buffer } from "node:buffer";
import type { WebhookDelivery } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { project, setUp } from "./support.ts";

const secret = "geheim: äöü";
const basic = (text: string) => `Basic ${Buffer.from(text, "utf8").toString("base64")}`;

function delivery(headers: Readonly<Record<string, string>>, body: unknown = {}): WebhookDelivery {
  return { headers: new Headers(headers), body: new TextEncoder().encode(JSON.stringify(body)) };
}

const updated = (fields: object, revision: object = { "System.TeamProject": project }) => ({
  id: "event-1",
  eventType: "workitem.updated",
  resource: { id: 7, workItemId: 12, rev: 7, fields, revision: { id: 12, rev: 7, fields: revision } },
});

describe("a delivery", () => {
  test("is genuine by the password of Basic authentication, by a header of its own, or by both", async () => {
    const { provider } = await setUp();
    const verify = (headers: Readonly<Record<string, string>>) =>
      provider.webhooks.verify(delivery(headers), { secret: "s3cret", now: 0 });
    expect(verify({ authorization: basic("backref:s3cret") })).toBe(true);
    expect(verify({ authorization: basic(":s3cret") })).toBe(true);
    expect(verify({ "x-backref-secret": "s3cret" })).toBe(true);
    expect(verify({ authorization: basic("x:s3cret"), "x-backref-secret": "s3cret" })).toBe(true);
    expect(verify({ authorization: basic("x:s3cret"), "x-backref-secret": "wrong" })).toBe(false);
    expect(verify({ authorization: "Bearer s3cret" })).toBe(false);
    expect(verify({ authorization: basic("s3cret") })).toBe(false);
    expect(verify({})).toBe(false);
    expect(provider.webhooks.verify(delivery({ authorization: basic("x:") }), { secret: "", now: 0 })).toBe(false);
    expect(provider.webhooks.verify(delivery({ authorization: basic(`x:${secret}`) }), { secret, now: 0 })).toBe(true);
  });

  test("leads to the item by its own id, and not by that of the revision", async () => {
    const { provider } = await setUp();
    const read = (body: object) => provider.webhooks.read(delivery({}, body));
    const changed = { "System.State": { oldValue: "New", newValue: "Active" } };
    expect(read(updated(changed))).toMatchObject({
      deliveryId: "event-1",
      name: "workitem.updated",
      hints: [{ aspect: "issue", remoteId: "12", item: "12", container: project, change: "changed" }],
    });
    const moved = { "System.TeamProject": { oldValue: "Old", newValue: project } };
    expect(read(updated(moved)).hints).toMatchObject([{ change: "moved", container: project }]);
    const commented = { "System.CommentCount": { oldValue: 1, newValue: 2 } };
    expect(read(updated(commented)).hints.map(({ aspect }) => aspect)).toEqual(["issue", "comments"]);
    const minimal = { id: "event-2", eventType: "workitem.updated", resource: { id: 7 } };
    expect(read(minimal).hints).toEqual([]);
    const deleted = { id: "event-3", eventType: "workitem.deleted", resource: { id: 12, fields: {} } };
    expect(read(deleted).hints).toMatchObject([{ remoteId: "12", change: "deleted" }]);
  });
});

describe("registering", () => {
  test("makes a subscription for each event with the secret as its password, and takes all of them away", async () => {
    const { provider, call, fake } = await setUp();
    const request = { container: project, url: "https://host.example/hooks/1", secret: "s3cret" };
    const { hookId, expiresAt } = (await provider.webhooks.register?.(call(), request)) ?? expect.unreachable();
    expect(expiresAt).toBe(null);
    expect(fake.hooks).toHaveLength(5);
    for (const { consumerInputs } of fake.hooks) expect(consumerInputs).toMatchObject({ basicAuthPassword: "s3cret" });
    await provider.webhooks.unregister?.(call(), { container: project, hookId });
    expect(fake.hooks).toEqual([]);
  });

  test("that breaks off leaves no half of it behind", async () => {
    const { provider, call, fake } = await setUp();
    const request = { container: project, url: "https://host.example/hooks/1", secret: "s3cret" };
    fake.faults.add({ kind: "status-before", status: 500, match: { method: "POST", nth: 3 } });
    await expect(provider.webhooks.register?.(call(), request)).rejects.toMatchObject({ failure: "ambiguous" });
    expect(fake.hooks).toEqual([]);
  });

  test("without the permission says who may", async () => {
    const { provider, call, fake } = await setUp();
    fake.changeToken(fake.token, { permissions: ["view", "edit"] });
    const request = { container: project, url: "https://host.example/hooks/1", secret: "s3cret" };
    const failing = provider.webhooks.register?.(call(), request);
    await expect(failing).rejects.toMatchObject({
      failure: "forbidden",
      message: expect.stringMatching(/Edit subscriptions/),
    });
  });
});
