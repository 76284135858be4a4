import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { HookBody } from "./bodies.ts";
import { type Client, createClient, createClock } from "./client.ts";

interface DeliveryBody {
  readonly id: number;
  readonly guid: string;
  readonly redelivery: boolean;
  readonly status: string;
  readonly status_code: number;
  readonly event: string;
}

const day = 24 * 3_600_000;
let clock: ReturnType<typeof createClock>;
let fake: FakeGitHub;
let call: Client;
let path: string;
let answer: () => Response;

beforeEach(async () => {
  clock = createClock();
  answer = () => new Response(null, { status: 503 });
  fake = createFakeGitHub({ repositories: ["acme/web"], now: clock.now, deliver: async () => answer() });
  call = createClient(fake);
  const config = { url: "https://host.example/hook", content_type: "json", secret: "s" };
  const made = await call<HookBody>("POST", "/repos/acme/web/hooks", { name: "web", events: ["issues"], config });
  path = `/repos/acme/web/hooks/${made.body.id}/deliveries`;
  await fake.settle();
});

const list = async (query = "") => (await call<DeliveryBody[]>("GET", `${path}${query}`)).body;

describe("deliveries of a hook", () => {
  it("are listed newest first, with what became of each attempt", async () => {
    answer = () => {
      throw new TypeError("connection refused");
    };
    fake.as("ann").createIssue("acme/web", { title: "One" });
    await fake.settle();
    answer = () => new Response(null, { status: 202 });
    fake.as("ann").closeIssue("acme/web", 1);
    await fake.settle();
    expect((await list()).map(({ event, status, status_code }) => [event, status, status_code])).toEqual([
      ["issues", "OK", 202],
      ["issues", "failed to connect", 502],
      ["ping", "Invalid HTTP Response: 503", 503],
    ]);
    expect(await list("?status=success")).toHaveLength(1);
    expect(await list("?status=failure")).toHaveLength(2);
  });

  it("are paged by cursor", async () => {
    for (let index = 0; index < 4; index += 1) fake.as("ann").createIssue("acme/web", { title: `${index}` });
    await fake.settle();
    const first = await call<DeliveryBody[]>("GET", `${path}?per_page=3`);
    const next = /<https:\/\/api\.github\.com([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await call<DeliveryBody[]>("GET", next);
    expect(second.headers.get("link")).toBeNull();
    expect([...first.body, ...second.body]).toEqual(await list());
  });

  it("are sent again when asked for, under the same id, as an attempt of their own", async () => {
    const [failed] = (await list()) as [DeliveryBody];
    answer = () => new Response(null, { status: 202 });
    expect((await call("POST", `${path}/${failed.id}/attempts`)).status).toBe(202);
    await fake.settle();
    const [again] = await list();
    expect(again).toMatchObject({ guid: failed.guid, redelivery: true, status_code: 202 });
    expect(again?.id).not.toBe(failed.id);
  });

  it("wait for the test to send them where it does so by hand", async () => {
    fake.webhooks.mode = "manual";
    const [failed] = (await list()) as [DeliveryBody];
    await call("POST", `${path}/${failed.id}/attempts`);
    expect(fake.webhooks.pending.map(({ id }) => id)).toEqual([failed.guid]);
  });

  it("are kept for three days", async () => {
    const [failed] = (await list()) as [DeliveryBody];
    clock.advance(3 * day + 1_000);
    expect(await list()).toEqual([]);
    expect((await call("POST", `${path}/${failed.id}/attempts`)).status).toBe(404);
  });

  it("are hidden from whoever may not see hooks, and sent again only for whoever may change them", async () => {
    const [{ id }] = (await list()) as [DeliveryBody];
    const writer = fake.createToken({ login: "writer", access: "write" });
    expect((await call("GET", path, undefined, { token: writer })).status).toBe(404);
    const reader = fake.createToken({ login: "a", access: "admin", permissions: { repository_hooks: "read" } });
    expect((await call("GET", path, undefined, { token: reader })).status).toBe(200);
    expect((await call("POST", `${path}/${id}/attempts`, undefined, { token: reader })).status).toBeGreaterThan(400);
    expect((await call("GET", "/app/hook/deliveries")).status).toBe(401);
  });
});
