import { createMemoryStorage } from "@backref/storage-memory";
import { createPostgresStorage } from "@backref/storage-postgres";
import { createSecretWatch, createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { startServer } from "backref-postgres-server";
import { describe, expect, test } from "vitest";
import { createBackref, type Storage } from "../../src/index.ts";
import { provider } from "../support/github-world.ts";
import { createSignInWorld, redirectUrl } from "../support/sign-in-world.ts";

/** Of no shape that anybody could know. */
const token = "planted-token/of+nobody's-shape=1";
const nextToken = "planted-next-token.of_another~shape";
const webhookSecret = "planted secret of the webhook";
const password = "planted-password-in-the-address";
const keyOf = (fill: number) => Buffer.alloc(32, fill).toString("base64");

/** How a tracker, or what stands before it, repeats what it was sent. */
const echoes: Readonly<Record<string, (status: number, said: string) => Response>> = {
  "a proxy's page": (status, said) =>
    new Response(`<html><body><pre>${said}</pre></body></html>`, { status, headers: { "content-type": "text/html" } }),
  "an error in JSON": (status, said) =>
    new Response(JSON.stringify({ message: said, errors: [{ code: said, field: said, message: said }] }), {
      status,
      headers: { "content-type": "application/json" },
    }),
};

async function createPlantedWorld(inner: (clock: ReturnType<typeof createVirtualTime>["clock"]) => Storage) {
  await provider.preload?.();
  const watch = createSecretWatch();
  watch.plant("token", token);
  watch.plant("next token", nextToken);
  watch.plant("webhook secret", webhookSecret);
  watch.plant("password", password);
  watch.plant("key", keyOf(7));
  watch.plant("next key", keyOf(8));
  const time = createVirtualTime();
  const github = createFakeGitHub({
    repositories: ["acme/web"],
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    webhooks: "manual",
  });
  const echo: { say: ((said: string) => Response) | null; sent: number } = { say: null, sent: 0 };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    const given = headers.get("authorization") ?? "";
    expect(given).toMatch(/planted/);
    if (echo.say !== null) {
      echo.sent += 1;
      return echo.say(`${request.url} ${JSON.stringify([...headers])} ${given} ${await request.text()}`);
    }
    headers.set("authorization", `token ${github.token}`);
    return github.fetch(new Request(request, { headers }));
  };
  const storage = watch.storage(inner(time.clock));
  await storage.migrate();
  const host = (keys: readonly number[]) =>
    createBackref({
      storage,
      providers: [provider],
      secretKeys: keys.map((fill) => ({ id: `key-${fill}`, key: keyOf(fill) })),
      clock: time.clock,
      scheduler: time.scheduler,
      fetch,
      logger: watch.logger(),
    });
  const instance = host([7]);
  instance.on("*", (event) => watch.search(`event ${event.type}`, event));
  const backref = watch.calls("backref", instance);
  const app = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const settle = async () => {
    for (let pass = 0; pass < 8; pass += 1) {
      await time.advance(61_000);
      const running = backref.sync.run();
      await time.advance(30_000);
      await time.during(running);
    }
  };
  /** Lets something run that may wait, and looks through what becomes of it. */
  const tryOut = async (name: string, work: Promise<unknown>) => {
    const done = work.then(
      (value) => watch.search(`answer of ${name}`, value),
      (error: unknown) => watch.search(`error of ${name}`, error),
    );
    for (let second = 0; second < 40; second += 1) await time.advance(1_000);
    await time.during(done);
  };
  return { watch, time, github, echo, storage, host, backref, app, settle, tryOut };
}

type PlantedWorld = Awaited<ReturnType<typeof createPlantedWorld>>;

/** Everything that people do with a source in its life, and everything that goes wrong. */
async function liveThrough(world: PlantedWorld): Promise<void> {
  const { app, backref, echo, github, settle, time, tryOut, watch } = world;
  const { during } = time;
  const source = await during(
    app.sources.create({
      name: "Ours",
      provider: "github",
      auth: { type: "token", token },
      webhookSecret,
      targets: [{ projectId: "web", container: "acme/web" }],
    }),
  );
  watch.search("answer of sources.create", source);
  await tryOut("sources.test", app.sources.test(source.id));
  const { endpoint } = await during(app.sources.webhook(source.id));
  await during(app.sources.registerWebhooks(source.id, { url: `https://host.example.com/${endpoint}` }));
  const defect = await during(app.defects.create({ projectId: "web", title: "Total is wrong" }));
  await tryOut("push", app.defects.push(defect.id));
  github.as("lena").comment("acme/web", 1, "Looking at it");
  for (const { headers, body } of github.webhooks.pending) {
    for (const signature of [headers["x-hub-signature-256"] ?? "", "sha256=00", webhookSecret]) {
      const request = new Request("https://host.example.com", {
        method: "POST",
        headers: { ...headers, "x-hub-signature-256": signature },
        body,
      });
      const response = await during(backref.webhooks.handle(request, { endpoint }));
      watch.search("answer to a delivery", [...response.headers, await response.text()]);
    }
  }
  await settle();
  expect((await app.comments.list({ defectId: defect.id })).items).toHaveLength(1);

  await tryOut(
    "create",
    app.sources.create({
      name: "Address",
      provider: "github",
      auth: { type: "token", token },
      baseUrl: `https://max:${password}@github.example.com`,
    }),
  );
  const misspelt = { type: "token", tokn: token, token: [token] } as never;
  await tryOut("create", app.sources.create({ name: "Misspelt", provider: "github", auth: misspelt }));

  for (const [name, respond] of Object.entries(echoes)) {
    for (const status of [200, 301, 400, 401, 403, 404, 422, 429, 500, 502]) {
      echo.say = (said) => respond(status, said);
      const where = `${name}, ${status}`;
      await during(app.sources.update(source.id, { auth: { type: "token", token } }));
      await tryOut(`sources.test, ${where}`, app.sources.test(source.id));
      await during(app.defects.update(defect.id, { title: `Total is wrong, ${where}` }));
      await tryOut(`push, ${where}`, app.defects.push(defect.id));
      const object = { type: "test-case", id: `TC-${status}`, projectId: "web" };
      const reference = { object, sourceId: source.id, issue: `#${status}`, relation: "relates-to" };
      await tryOut(`references.add, ${where}`, app.references.add(reference));
      await tryOut(`registerWebhooks, ${where}`, app.sources.registerWebhooks(source.id, { url: "https://h.example" }));
      const other = await during(app.defects.create({ projectId: "web", title: "Another" }));
      await tryOut(`create, ${where}`, app.defects.push(other.id));
      await settle();
    }
  }
  // PostgreSQL has a clock of its own: less becomes due meanwhile, and a wait that one call was told of holds back the others.
  expect(echo.sent).toBeGreaterThan(20);
  echo.say = null;
  await during(app.sources.update(source.id, { auth: { type: "token", token: nextToken } }));
  await settle();
  const changed = world.host([8, 7]);
  await tryOut("rewrapSecrets", changed.rewrapSecrets({ tenantId: "acme" }));
  await tryOut("with another key", world.host([9]).as({ tenantId: "acme", system: true }).sources.test(source.id));
  await tryOut("sources.list", app.sources.list());
  await tryOut("activity.list", app.activity.list({ limit: 100 }));
  await tryOut("defects.links", app.defects.links(defect.id));
  const seen: unknown[] = [];
  await during(
    backref.events.process({ consumer: "all", handler: async (event) => void seen.push(event), maxMs: 1_000 }),
  );
  expect(seen.length).toBeGreaterThan(10);
  watch.search("durable events", seen);
}

describe("secrets that were planted are nowhere to be found", () => {
  test("in memory", async () => {
    const world = await createPlantedWorld((clock) => createMemoryStorage({ clock }));
    await liveThrough(world);
    expect(world.watch.findings).toEqual([]);
  });

  test("in any table of PostgreSQL", async () => {
    const server = await startServer();
    try {
      const pool = server.createPool();
      const world = await createPlantedWorld(() => createPostgresStorage({ pool, schema: "planted" }));
      await liveThrough(world);
      const { rows: tables } = await pool.query(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'planted'",
      );
      expect(tables.length).toBeGreaterThan(15);
      let count = 0;
      for (const { name } of tables as { readonly name: string }[]) {
        const { rows } = await pool.query(`SELECT row_to_json(t)::text AS row FROM planted."${name}" AS t`);
        count += rows.length;
        world.watch.search(`table ${name}`, rows.map(({ row }: { row: string }) => row).join("\n"));
      }
      expect(count).toBeGreaterThan(50);
      expect(world.watch.findings).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 300_000);

  test.each(Object.entries(echoes))("where signing in and renewing fail with %s", async (_, respond) => {
    for (const status of [200, 400, 401, 403, 500]) {
      const world = createSignInWorld();
      const { id } = await world.signedIn();
      const repeat: typeof fetch = async (input, init) => {
        const request = new Request(input, init);
        const said = `${request.url} ${JSON.stringify([...request.headers])} ${await request.text()}`;
        return respond(status, `${said} ${decodeURIComponent(said)}`);
      };
      const host = world.process({ fetch: repeat });
      const app = host.as({ tenantId: "acme", userId: "ann", role: "owner" });
      const search = (work: Promise<unknown>) =>
        world.moving(
          work.then(
            (value) => world.watch.search("answer", value),
            (error: unknown) => world.watch.search("error", error),
          ),
        );
      await world.time.advance(4_000_000);
      await search(app.sources.test(id));
      const { url } = await app.sources.authorize(id, { redirectUrl });
      const back = world.signIn.agree(url);
      world.signIn.secrets.forEach((secret, number) => void world.watch.plant(`token ${number}`, secret));
      await search(app.sources.completeAuthorization(back));
      await world.settle(host);
      await search(app.sources.list());
      expect(world.watch.findings).toEqual([]);
    }
  });
});
