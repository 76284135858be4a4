import { BackrefError } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { createBackref } from "../../src/index.ts";
import { provider, secretKey } from "../support/github-world.ts";

async function worlds() {
  await provider.preload?.();
  const time = createVirtualTime();
  const github = createFakeGitHub({ repositories: ["acme/web"], now: time.now });
  const storage = createMemoryStorage({ clock: time.clock });
  const open = (installationId?: string) => {
    const backref = createBackref({
      storage,
      providers: [provider],
      secretKeys: [{ id: "test", key: secretKey }],
      clock: time.clock,
      scheduler: time.scheduler,
      fetch: github.fetch,
      ...(installationId === undefined ? {} : { installationId }),
    });
    return { backref, app: backref.as({ tenantId: "acme", userId: "u1", role: "owner" }) };
  };
  return { github, open };
}

const code = (task: Promise<unknown>) =>
  task.then(
    () => null,
    (error: unknown) => (BackrefError.isInstance(error) ? error.code : String(error)),
  );

describe("a copy of the data under another name", () => {
  test("sends nothing to trackers, until it is said to be the original", async () => {
    const { github, open } = await worlds();
    const production = open("production");
    const source = await production.app.sources.create({
      name: "Our GitHub",
      provider: "github",
      auth: { type: "token", token: github.token },
      targets: [{ projectId: "web", container: "acme/web" }],
    });
    const first = await production.app.defects.create({ projectId: "web", title: "First" });
    await production.app.defects.push(first.id);
    const before = github.requestCount();

    const staging = open("staging");
    await staging.app.defects.update(first.id, { title: "Tried out" });
    const second = await staging.app.defects.create({ projectId: "web", title: "Second" });
    expect(await code(staging.app.defects.push(second.id))).toBe("installation-mismatch");
    expect(await code(staging.backref.sync.run())).toBe("installation-mismatch");
    expect(await code(staging.app.sources.test(source.id))).toBe("installation-mismatch");
    expect(github.requestCount()).toBe(before);

    await staging.backref.takeOver();
    await staging.backref.sync.run();
    expect(github.issues("acme/web").map(({ title }) => title)).toEqual(["Tried out", "Second"]);
    expect(await code(open("production").backref.sync.run())).toBe("installation-mismatch");
  });

  test("is not looked for where the host gives no name", async () => {
    const { open } = await worlds();
    await open("production").backref.sync.run();
    await open().backref.sync.run();
    await expect(open().backref.takeOver()).rejects.toThrow(/installationId/);
    expect(() => open("")).toThrow(TypeError);
  });
});
