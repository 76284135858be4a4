import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";
import { createHookedWorld, type HookedWorld, repository } from "../support/hooked-world.ts";

const script = "<img src=x onerror=alert(1)><script>alert(1)</script>";
const turned = `invoice\u202egpj.exe\u2066 \u0007${script}`;
/** Deep enough to break whatever walks through it step by step. */
const deep = (body: string, levels = 200_000) => `${"[".repeat(levels)}${body}${"]".repeat(levels)}`;

/** Sends it, lets everything settle, and sees that nothing has changed and nobody was asked. */
async function refused(world: HookedWorld, sent: Parameters<HookedWorld["send"]>[0], statuses: readonly number[]) {
  const before = await world.state();
  const mark = world.github.mark();
  const { status } = await world.send(sent);
  expect(statuses).toContain(status);
  await settle(world);
  expect(await world.state()).toEqual(before);
  expect(world.github.requestsSince(mark)).toEqual([]);
  expect(world.errors).toEqual([]);
}

const parsed = (sent: { readonly body: string }) => JSON.parse(sent.body) as { issue: Record<string, unknown> };

const attacks: Readonly<Record<string, () => Promise<void>>> = {
  async "a delivery is replayed"() {
    const world = await createHookedWorld();
    const sent = world.edited("Theirs");
    expect((await world.send(sent)).status).toBe(202);
    await settle(world);
    await world.time.advance(10_000);
    await refused(world, sent, [200]);
  },

  async "a delivery is replayed under other ids, which GitHub does not sign"() {
    const world = await createHookedWorld();
    const sent = world.edited("Theirs");
    await world.send(sent);
    await settle(world);
    await world.time.advance(10_000);
    const before = await world.state();
    const mark = world.github.mark();
    for (let number = 0; number < 50; number += 1) {
      const headers = { ...sent.headers, "x-github-delivery": `other-${number}` };
      expect((await world.send({ ...sent, headers })).status).toBe(202);
    }
    await settle(world);
    expect(await world.state()).toEqual(before);
    expect(world.github.requestsSince(mark)).toEqual([]);
  },

  async "an old delivery is replayed after the issue went on"() {
    const world = await createHookedWorld();
    const old = world.edited("Old");
    await world.send(old);
    await settle(world);
    await world.time.advance(10_000);
    await world.send(world.edited("New"));
    await settle(world);
    await world.time.advance(10_000);
    const mark = world.github.mark();
    await world.send({ ...old, headers: { ...old.headers, "x-github-delivery": "again" } });
    await settle(world);
    expect(await world.titleHere()).toBe("New");
    expect(world.github.issue(repository, 1)?.title).toBe("New");
    expect(world.github.requestsSince(mark).filter(({ method }) => method !== "GET" && method !== "POST")).toEqual([]);
  },

  async "the body is encoded again under its old signature"() {
    const world = await createHookedWorld();
    const sent = world.edited("Theirs – schön");
    const same = JSON.parse(sent.body) as unknown;
    for (const body of [
      JSON.stringify(same, null, 1),
      JSON.stringify(same).replaceAll("/", "\\/"),
      `\ufeff${sent.body}`,
      `${sent.body}\n`,
      sent.body.normalize("NFD"),
      Buffer.from(sent.body, "utf16le"),
    ]) {
      if (body !== sent.body) await refused(world, { ...sent, body }, [401]);
    }
  },

  async "a JSON body is passed off as a form with another body in it"() {
    const world = await createHookedWorld();
    const forged = parsed(world.edited("Theirs"));
    const inner = encodeURIComponent(JSON.stringify({ ...forged, issue: { ...forged.issue, title: "Forged" } }));
    const carrier = world.edited("Theirs, too", `x&payload=${inner}&x`);
    const headers = { ...carrier.headers, "content-type": "application/x-www-form-urlencoded" };
    await refused(world, { ...carrier, headers }, [400]);
  },

  async "a delivery is passed off as another event, which GitHub does not sign"() {
    const world = await createHookedWorld();
    const lena = world.github.as("lena");
    const { id } = lena.comment(repository, 1, "Looking at it");
    lena.deleteComment(repository, id);
    const [, deleted] = [world.github.webhooks.drop(), world.github.webhooks.drop()];
    const { headers, body } = deleted;
    expect(body).toContain('"action":"deleted"');
    for (const event of ["issues", "installation"]) {
      await refused(world, { body, headers: { ...headers, "x-github-event": event } }, [400]);
    }
    expect((await world.state()).issues.map(({ state }) => state)).toEqual(["live"]);
  },

  async "a delivery is forged, cut off, or unsigned"() {
    const world = await createHookedWorld();
    const sent = world.edited("Theirs");
    const signature = sent.headers["x-hub-signature-256"] ?? "";
    const { "x-hub-signature-256": _, ...unsigned } = sent.headers;
    const wrong = [
      "",
      "sha256=",
      "sha1=00",
      `sha256=${"0".repeat(64)}`,
      signature.slice(7),
      `${signature}00`,
      `${signature}, ${signature}`,
    ];
    for (const value of wrong) {
      await refused(world, { ...sent, headers: { ...sent.headers, "x-hub-signature-256": value } }, [401]);
    }
    await refused(world, { ...sent, headers: unsigned }, [401]);
    for (const length of [0, 1, sent.body.length - 1]) {
      await refused(world, { ...sent, body: sent.body.slice(0, length) }, [401]);
      await refused(world, world.signed(sent.body.slice(0, length)), [400]);
    }
  },

  async "a delivery is too large, or unpacks to more"() {
    const world = await createHookedWorld();
    await refused(world, world.signed(`"${"x".repeat(5_000_000)}"`), [413]);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    await refused(world, { ...world.signed("{}", { "content-encoding": "gzip" }), body: bomb }, [415]);
    await refused(world, { ...world.signed("{}"), body: bomb }, [401]);
  },

  async "an id is too long for a row"() {
    const world = await createHookedWorld();
    const { issue, ...rest } = parsed(world.edited("Theirs"));
    const body = JSON.stringify({ ...rest, issue: { ...issue, node_id: "x".repeat(10_000) } });
    await refused(world, world.signed(body, { "x-github-delivery": "long" }), [202]);
    const title = "t".repeat(1_000_000);
    const endless = JSON.stringify({ ...rest, issue: { ...issue, title, labels: [{ name: title }] } });
    expect((await world.send(world.signed(endless, { "x-github-delivery": "endless" }))).status).toBe(202);
    const [row] = (await world.state()).issues;
    expect(row?.snapshot?.title).toHaveLength(1_000);
    expect(row?.snapshot?.labels.map(({ length }) => length)).toEqual([1_000]);
  },

  async "a header is too long for a row"() {
    const world = await createHookedWorld();
    await refused(world, world.signed("{}", { "x-github-delivery": "x".repeat(10_000) }), [400]);
    await refused(world, world.signed("{}", { "x-github-delivery": "" }), [400]);
  },

  async "a delivery goes to another tenant's endpoint"() {
    const world = await createHookedWorld();
    const other = world.backref.as({ tenantId: "umbrella", userId: "u2", role: "owner" });
    const auth = { type: "token", token: world.github.token } as const;
    const { id } = await other.sources.create({ name: "Theirs", provider: "github", auth });
    const { endpoint } = await other.sources.webhook(id);
    const sent = world.edited("Theirs");
    expect((await world.send(sent, { endpoint })).status).toBe(401);
    await settle(world);
    expect((await other.activity.list()).items.map(({ type }) => type)).not.toContain("issue-changed");
    expect(await world.titleHere()).toBe("Total is wrong");
  },

  async "two endpoints get deliveries of one id"() {
    const world = await createHookedWorld();
    const other = world.backref.as({ tenantId: "umbrella", userId: "u2", role: "owner" });
    const auth = { type: "token", token: world.github.token } as const;
    const { id } = await other.sources.create({ name: "Theirs", provider: "github", auth });
    const { endpoint, secret } = await other.sources.webhook(id);
    const sent = world.edited("Theirs");
    const taken = world.signed(sent.body, sent.headers as Record<string, string>, secret);
    const signed = world.signed(sent.body, { "x-github-delivery": sent.headers["x-github-delivery"] ?? "" }, secret);
    expect(taken.headers["x-github-delivery"]).toBe(signed.headers["x-github-delivery"]);
    expect((await world.send(signed, { endpoint })).status).toBe(202);
    expect((await world.send(sent)).status).toBe(202);
    await settle(world);
    expect(await world.titleHere()).toBe("Theirs");
  },

  async "keys that mean something to JavaScript stand in a delivery"() {
    const world = await createHookedWorld();
    const { issue, ...rest } = parsed(world.edited("Theirs"));
    const own = JSON.stringify({
      ...rest,
      issue: { ...issue, labels: [{ name: "__proto__" }, { name: "constructor" }] },
    });
    const polluted = own.replace(
      '"issue":{',
      '"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"issue":{"__proto__":{"isAdmin":true},"toString":1,"hasOwnProperty":null,',
    );
    expect((await world.send(world.signed(polluted))).status).toBe(202);
    await settle(world);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(world.errors).toEqual([]);
    for (const body of [
      '{"__proto__":{"issue":{}}}',
      '{"constructor":1,"issue":{"__proto__":null}}',
      '{"toString":1}',
    ]) {
      await refused(world, world.signed(body, { "x-github-delivery": body.slice(0, 9) }), [400]);
    }
  },

  async "numbers and nesting are beyond all measure"() {
    const world = await createHookedWorld();
    const { issue, ...rest } = parsed(world.edited("Theirs"));
    const withNumbers = (fields: object) => JSON.stringify({ ...rest, issue: { ...issue, ...fields } });
    for (const [id, body] of Object.entries({
      number: withNumbers({ number: "N" }).replace('"number":"N"', '"number":1e400'),
      float: withNumbers({ number: 1.5 }),
      array: deep("1"),
      object: `{"issue":${deep("{}")}}`,
      infinite: '{"issue":{"node_id":"x","number":-1e999}}',
    })) {
      await refused(world, world.signed(body, { "x-github-delivery": id }), [400]);
    }
    const comments = withNumbers({ comments: "C" }).replace('"comments":"C"', '"comments":1e300');
    expect((await world.send(world.signed(comments, { "x-github-delivery": "comments" }))).status).toBe(202);
    const nested = withNumbers({ milestone: "M" }).replace('"milestone":"M"', `"milestone":${deep("1")}`);
    expect((await world.send(world.signed(nested, { "x-github-delivery": "nested" }))).status).toBe(202);
    await settle(world);
    expect(world.errors).toEqual([]);
    expect(JSON.stringify((await world.state()).issues)).not.toContain("1e+300");
  },

  async "a host's JSON holds keys that mean something to JavaScript, or no end"() {
    const world = await createHookedWorld();
    const own = JSON.parse(
      '{"name":"X","provider":"github","auth":{"type":"token","token":"t"},"__proto__":{"role":"owner"}}',
    );
    let endless: object = {};
    for (let level = 0; level < 5_000; level += 1) endless = { endless };
    const targets = [{ projectId: "web", container: repository, defaults: endless }];
    const before = await world.state();
    for (const input of [own, { ...own, name: endless }, { ...own, targets }, { ...own, constructor: 1 }]) {
      await expect(world.app.sources.create(input as never)).rejects.toMatchObject({ code: "invalid-input" });
    }
    expect(await world.state()).toEqual(before);
    expect(({} as { role?: string }).role).toBeUndefined();
  },

  async "HTML and javascript: stand in titles, labels, names and comments"() {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const lena = world.github.as("lena");
    const { number } = lena.createIssue(repository, { title: turned, body: `[x](javascript:alert(1)) ${script}` });
    const object = { type: "test-case", id: "TC-7", projectId: "web" };
    const { issue } = await world.app.references.add({ object, issue: `#${number}`, relation: "relates-to" });
    expect(issue.title).toBe(`invoicegpj.exe  ${script}`);
    expect(issue.url).toBe(`https://github.com/${repository}/issues/${number}`);
    const defect = await world.app.defects.create({ projectId: "web", title: "Ours" });
    await world.app.defects.push(defect.id);
    await poll(world);
    lena.editIssue(repository, 2, { title: turned });
    lena.comment(repository, 2, script);
    await poll(world, 2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: `invoicegpj.exe ${script}` });
    // A comment is Markdown that people wrote, and comes as they wrote it.
    expect((await world.app.comments.list({ defectId: defect.id })).items[0]?.body).toBe(script);
    const mark = world.github.mark();
    await poll(world, 2);
    expect(world.github.requestsSince(mark).filter(({ method }) => method === "PATCH")).toEqual([]);
    const [link] = await world.app.defects.links(defect.id);
    expect(link).toMatchObject({ status: "synced" });
  },
};

test.each(Object.entries(attacks))("%s", async (_name, attack) => await attack());

test("the documentation lists these attacks, and no others", () => {
  const page = readFileSync(new URL("../../../../docs/security.md", import.meta.url), "utf8");
  const [, table = ""] = /<!-- incoming attacks -->\n\n([\s\S]*?)\n\n/.exec(page) ?? [];
  const names = table
    .split("\n")
    .slice(2)
    .map((row) => row.split("|")[1]?.trim());
  expect(names).toEqual(Object.keys(attacks));
});

afterAll(() => expect(Object.keys(Object.prototype)).toEqual([]));
