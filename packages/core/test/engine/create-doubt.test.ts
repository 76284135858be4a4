import { ProviderError } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, provider, settle } from "../support/github-world.ts";

const issuePost = { method: "POST", operation: "/repos/{owner}/{repo}/issues" } as const;

test("a create in doubt waits for its container to answer again, and is settled then", async () => {
  const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
  const { github, app } = world;
  await addGitHubSource(world);
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  github.faults.add({ kind: "lost-before", match: issuePost });
  const link = await app.defects.push(defect.id, { waitMs: 0 });
  await world.time.advance(500);
  github.changeToken(github.token, { repositories: { "acme/api": "admin" } });
  await poll(world, 5);
  expect(await app.defects.link(link.id)).toMatchObject({
    status: "outcome-unknown",
    message: expect.stringContaining("does not reach acme/web"),
  });
  github.changeToken(github.token, { access: "admin" });
  await poll(world, 15);
  expect(await app.defects.link(link.id)).toMatchObject({ status: "synced", badge: { text: "#1" } });
  expect(github.issues("acme/web")).toHaveLength(1);
});

/** GitHub as if it made no second issue of a token, and listed none. A request may be refused before it is looked at. */
function idempotentProvider(refuse: () => ProviderError | null): typeof provider {
  const { create } = provider;
  if (create === undefined) throw new TypeError("GitHub can create.");
  return {
    ...provider,
    capabilities: { ...provider.capabilities, idempotentCreate: true },
    create: {
      findCreated: async () => [],
      async create(call, request) {
        const refusal = refuse();
        if (refusal !== null) throw refusal;
        const asked = {
          container: request.container,
          token: request.token,
          accountId: null,
          createdAfter: 0,
          probe: null,
        };
        const [issue] = await create.findCreated(call, asked);
        return issue === undefined ? create.create(call, request) : { issue, warnings: [], existed: true };
      },
    },
  };
}

describe("where the token cannot make two issues", () => {
  test.each(["retry", "wait", "forbidden", "gone"] as const)(
    "an attempt that ends as %s says nothing about the one before, and an edit in between goes out",
    async (failure) => {
      let isRefused = false;
      const refusal = () =>
        new ProviderError({ failure, providerId: "github", operation: "issue.create", message: "Not now." });
      const world = await createGitHubWorld({ provider: idempotentProvider(() => (isRefused ? refusal() : null)) });
      const { github, app } = world;
      await addGitHubSource(world);
      const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
      github.faults.add({ kind: "lost-after", match: issuePost });
      const link = await app.defects.push(defect.id, { waitMs: 0 });
      await world.time.advance(500);
      isRefused = true;
      await settle(world, 5_000);
      await app.defects.update(defect.id, { title: "Total is wrong with a voucher" });
      await settle(world, 5_000);
      isRefused = false;
      await app.defects.retry(link.id);
      await poll(world, 3);
      expect(await app.defects.link(link.id)).toMatchObject({ status: "synced", badge: { text: "#1" } });
      expect(github.issue("acme/web", 1)?.title).toBe("Total is wrong with a voucher");
      expect((await app.defects.get(defect.id)).title).toBe("Total is wrong with a voucher");
      expect(github.issues("acme/web")).toHaveLength(1);
    },
  );
});
