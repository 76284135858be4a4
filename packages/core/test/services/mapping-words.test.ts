import { describe, expect, test } from "vitest";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld } from "../support/github-world.ts";

const high = { remote: "priority:high", local: ["blocker", "critical", "major"], primary: "critical" };
const low = { remote: "low", local: ["minor"] };

/** Mapping is checked when a source is saved (unmapped value, missing primary, lossy pair, unknown label prefix: told in words). */
describe("a mapping is checked when a source is saved, and told in words", () => {
  test("what is worth knowing stands with the source, wherever it is read", async () => {
    const world = await createGitHubWorld();
    const { sources } = world.app;
    const source = await addGitHubSource(world);
    expect(source.mappingWarnings).toEqual([]);
    const status = [{ category: "closed" as const, local: ["closed", "achieved"] }];
    const updated = await sources.update(source.id, {
      mapping: { priority: [high, low] },
      targets: { upsert: [{ projectId: "web", container: "acme/web", mapping: { status } }] },
    });
    const shown = updated.mappingWarnings.map(({ kind, path, message }) => [kind, path.join("."), message]);
    expect(shown).toEqual([
      [
        "lossy-pair",
        "mapping.priority.0.local",
        'priority: blocker, critical, major all go out as "priority:high", which comes back as "critical". A defect keeps its own value until the issue says something else.',
      ],
      [
        "unmapped-value",
        "mapping.priority",
        'priority: "trivial" has no counterpart and will not be sent. Add it to an entry.',
      ],
      [
        "unknown-label-prefix",
        "mapping.priority.1.remote",
        expect.stringMatching('the label "low" does not begin with "priority:"'),
      ],
      [
        "missing-primary",
        "targets.web.mapping.status.0.primary",
        'status: "category closed" stands for closed, achieved; it will come back as "closed". Set primary to choose.',
      ],
      ...["open", "in-progress"].map((value) => [
        "unmapped-value",
        "targets.web.mapping.status",
        `status: "${value}" has no counterpart and will not be sent. Add it to an entry.`,
      ]),
      [
        "unmapped-value",
        "targets.web.mapping.status",
        expect.stringMatching("issues of category open stand for nothing here"),
      ],
    ]);
    expect((await sources.get(source.id)).mappingWarnings).toEqual(updated.mappingWarnings);
    expect((await sources.list()).items[0]?.mappingWarnings).toEqual(updated.mappingWarnings);
  });

  test("what cannot work is refused, each error once and at its place", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const target = { projectId: "web", container: "acme/web" };
    const error = await errorOf(
      world.app.sources.update(source.id, {
        mapping: { priority: [{ ...high, primary: "minor" }, low] },
        targets: { upsert: [{ ...target, mapping: { status: [{ category: "open", local: [] }] } }] },
      }),
    );
    expect(error).toMatchObject({
      code: "mapping-invalid",
      issues: [
        { path: ["mapping", "priority", 0, "primary"] },
        { path: ["targets", "web", "mapping", "status", 0, "local"] },
      ],
    });
    expect((await world.app.sources.get(source.id)).mappingVersion).toBe(1);
  });
});
