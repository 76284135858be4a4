import { createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeGitLab } from "@backref/testing/gitlab";
import { afterEach, expect, test } from "vitest";
import { createGitLabProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";
import { project } from "./world.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const backref of open.splice(0)) await backref.close();
});

const redirectUrl = "https://host.example/callback";

async function signIn(siteUrl: string) {
  const time = createVirtualTime();
  const folder = contractFolder();
  const gitlab = createFakeGitLab({
    siteUrl,
    projects: [project],
    now: time.now,
    webhooks: "manual",
    ...(folder !== undefined && { contractFolder: folder }),
  });
  const logged: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createGitLabProvider({ oauth: gitlab.application })],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    clock: time.clock,
    scheduler: time.scheduler,
    fetch: gitlab.fetch,
    logger: { log: (_level, message, data) => void logged.push(`${message} ${JSON.stringify(data)}`) },
  });
  open.push(backref);
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const source = await owner.sources.create({
    name: "Our GitLab",
    provider: "gitlab",
    baseUrl: siteUrl,
    targets: [{ projectId: "web", container: project }],
  });
  const { url } = await owner.sources.authorize(source.id, { redirectUrl });
  await owner.sources.completeAuthorization(gitlab.signIn.agree(url));
  return { time, gitlab, backref, owner, source, url, logged };
}

test.each(["https://gitlab.com", "https://host.example/gitlab"])(
  "a source that was signed in to at %s pushes, and goes on when its token ends",
  async (siteUrl) => {
    const { time, gitlab, backref, owner, source, url, logged } = await signIn(siteUrl);
    const asked = new URL(url).searchParams;
    expect([asked.get("scope"), asked.get("code_challenge_method")]).toEqual(["api", "S256"]);
    expect(await owner.sources.test(source.id)).toMatchObject({ ok: true, account: { login: "backref-bot" } });
    const defect = await owner.defects.create({ projectId: "web", title: "Total is wrong" });
    const link = await owner.defects.push(defect.id);
    expect(link).toMatchObject({ status: "synced", issue: { url: `${siteUrl}/${project}/-/issues/1` } });
    await time.advance(7_300_000);
    await owner.defects.update(defect.id, { title: "Total is still wrong" });
    await backref.sync.run();
    expect(gitlab.issue(`${project}#1`)?.title).toBe("Total is still wrong");
    expect(gitlab.requests.filter(({ operation }) => operation === "token")).toHaveLength(2);

    gitlab.signIn.revoke();
    await owner.defects.update(defect.id, { title: "Nobody hears of it" });
    await backref.sync.run();
    expect((await owner.sources.get(source.id)).health.status).toBe("reconnect-required");
    const again = await owner.sources.authorize(source.id, { redirectUrl });
    await owner.sources.completeAuthorization(gitlab.signIn.agree(again.url));
    await backref.sync.run();
    expect(gitlab.issue(`${project}#1`)?.title).toBe("Nobody hears of it");
    expect(logged.filter((line) => /\b[ar]t_[0-9a-f]{8}|client-secret/.test(line))).toEqual([]);
    expect(gitlab.violations).toEqual([]);
  },
);

test("a sign-in that was not agreed to, or that comes twice, is refused in words", async () => {
  const { gitlab, owner, source } = await signIn("https://gitlab.com");
  const { url } = await owner.sources.authorize(source.id, { redirectUrl });
  const back = gitlab.signIn.agree(url);
  const denied = new URL(redirectUrl);
  denied.search = new URLSearchParams({
    error: "access_denied",
    state: new URL(url).searchParams.get("state") ?? "",
  }).toString();
  await expect(owner.sources.completeAuthorization(denied.href)).rejects.toThrow(/agreed|denied/i);
  await owner.sources.completeAuthorization(back).catch(() => {});
  await expect(owner.sources.completeAuthorization(back)).rejects.toThrow();
});
