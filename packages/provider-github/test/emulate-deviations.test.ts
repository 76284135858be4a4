import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeviationId, deviations } from "./emulate-deviations.ts";
import { createEmulateServer, createReceiver, type EmulateServer } from "./emulate-server.ts";

let server: EmulateServer;

beforeAll(async () => {
  server = await createEmulateServer();
}, 30_000);

afterAll(() => server.close());

describe("emulate is not GitHub in these points", () => {
  const repository = "/repos/acme/web";
  const ask = (method: string, path: string, body?: object, token = server.token) =>
    server.ask(token, method, path, body);
  const json = async (response: Promise<Response>) => (await (await response).json()) as Record<string, unknown>;
  const hook = (url: string) => ({ name: "web", events: ["issues"], config: { url, content_type: "json" } });

  const observations: Readonly<Record<DeviationId, () => Promise<boolean>>> = {
    graphql: async () => (await ask("POST", "/graphql", { query: "{ viewer { login } }" })).status === 404,
    "comments-of-all": async () => (await ask("GET", `${repository}/issues/comments`)).status === 404,
    "unknown-token": async () => (await ask("GET", "/user", undefined, "never given out")).status === 200,
    "label-exists": async () => {
      const label = { name: "twice", color: "ffffff" };
      await ask("POST", `${repository}/labels`, label);
      return (await json(ask("POST", `${repository}/labels`, label)))["errors"] === undefined;
    },
    "bot-account": async () => (await ask("GET", "/users/no-account%5Bbot%5D")).status === 404,
    validators: async () => !(await ask("GET", `${repository}/issues`)).headers.has("etag"),
    milliseconds: async () => {
      const { updated_at: at } = await json(ask("POST", `${repository}/issues`, { title: "Now" }));
      return /\.\d{3}Z$/.test(String(at));
    },
    scopes: async () => !(await ask("GET", "/user")).headers.has("x-oauth-scopes"),
    addresses: async () => String((await json(ask("GET", repository)))["url"]).startsWith("http://localhost:"),
    "hook-exists": async () => {
      await ask("POST", `${repository}/hooks`, hook("http://127.0.0.1:9/twice"));
      return (await ask("POST", `${repository}/hooks`, hook("http://127.0.0.1:9/twice"))).status === 201;
    },
    duplicate: async () => {
      const { number } = await json(ask("POST", `${repository}/issues`, { title: "Again" }));
      const closing = { state: "closed", state_reason: "duplicate" };
      return (await json(ask("PATCH", `${repository}/issues/${number}`, closing)))["state_reason"] === "completed";
    },
    ...observeDeliveries(() => received()),
  };

  interface Received {
    readonly events: readonly string[];
    readonly guids: readonly string[];
    readonly listed: readonly string[];
    readonly attempts: number;
    readonly changes: unknown;
  }

  function observeDeliveries(look: () => Promise<Received>) {
    return {
      ping: async () => !(await look()).events.includes("ping"),
      labeled: async () => !(await look()).events.includes("labeled"),
      guid: async () => {
        const { guids, listed } = await look();
        return guids.every((guid) => /^\d+$/.test(guid) && !listed.includes(guid));
      },
      redelivery: async () => (await look()).attempts === 404,
      changes: async () => (await look()).changes === true,
    };
  }

  let receiving: Promise<Received> | null = null;
  const received = (): Promise<Received> => {
    receiving ??= receive();
    return receiving;
  };

  async function receive(): Promise<Received> {
    const got: { guid: string; action: string; changes?: { title?: unknown } }[] = [];
    const receiver = await createReceiver(async (request) => {
      const { action, changes } = (await request.json()) as (typeof got)[0];
      got.push({
        guid: request.headers.get("x-github-delivery") ?? "",
        action: action ?? "ping",
        ...(changes && { changes }),
      });
      return new Response(null, { status: 202 });
    });
    const { id } = await json(ask("POST", `${repository}/hooks`, hook(receiver.url)));
    const { number } = await json(ask("POST", `${repository}/issues`, { title: "New", labels: ["area"] }));
    await ask("PATCH", `${repository}/issues/${number}`, { title: "Edited" });
    await expect.poll(() => got.length, { timeout: 10_000 }).toBe(2);
    const deliveries = `${repository}/hooks/${id}/deliveries`;
    const list = (await (await ask("GET", deliveries)).json()) as { readonly id: number; readonly guid: string }[];
    const attempts = (await ask("POST", `${deliveries}/${list[0]?.id}/attempts`)).status;
    await receiver.close();
    return {
      events: got.map(({ action }) => action),
      guids: got.map(({ guid }) => guid),
      listed: list.map(({ guid }) => guid),
      attempts,
      changes: got.at(-1)?.changes?.title,
    };
  }

  const rows = Object.entries(deviations).map(([id, { emulate }]) => ({ id: id as DeviationId, emulate }));
  test.each(rows)("$id: $emulate", async ({ id }) => {
    expect(await observations[id]()).toBe(true);
  });
});
