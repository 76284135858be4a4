import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changelogSection, withSection } from "../scripts/release/changelog.ts";
import { checkTag, originOf } from "../scripts/release/origin.ts";
import { inPublishingOrder } from "../scripts/release/publishing-order.ts";
import { makeVersion } from "../scripts/release/version.ts";
import { repositoryRoot } from "../scripts/repository.ts";
import { packages } from "./support/packages.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

/** A copy of what a release looks at. */
function copyOfRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), "backref-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const copied = /^(CHANGELOG\.md|pnpm-workspace\.yaml|\.changeset\/config\.json|(.*\/)?package\.json)$/;
  for (const path of trackedFiles().filter((file) => copied.test(file))) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    copyFileSync(join(repositoryRoot, path), join(folder, path));
  }
  return folder;
}

const versionIn = (folder: string, path: string): string =>
  JSON.parse(readFileSync(join(folder, path, "package.json"), "utf8")).version;

test("a release gives every package the same next version, and the changelog its section", async () => {
  const folder = copyOfRepository();
  const change = '---\n"@backref/core": minor\n---\n\nA defect can have a colour.\n';
  writeFileSync(join(folder, ".changeset/calm-bees.md"), change);

  const before = packages[0]?.manifest.version ?? "";
  const [major, minor] = before.split(".").map(Number);
  const version = await makeVersion(folder);
  expect(version).toBe(`${major}.${(minor ?? 0) + 1}.0`);

  const versions = packages.map((one) => [one.manifest.name, versionIn(folder, one.folder)]);
  expect(versions.filter(([, is]) => is !== version)).toEqual([]);
  expect(versionIn(folder, "tests/packaging"), "what is private stays as it is").toBe("0.0.0");
  expect(readdirSync(join(folder, ".changeset"))).toEqual(["config.json"]);
  const changelog = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
  expect(changelog).toContain(
    `## ${version}\n\n### New and changed\n\n- A defect can have a colour. (\`@backref/core\`)\n\n## ${before}\n`,
  );
});

test("without a change there is no release", async () => {
  await expect(makeVersion(copyOfRepository())).rejects.toThrow("No change waits for a release");
});

test("the changelog begins with the version that the packages have", () => {
  expect(/^## (.*)$/m.exec(readTracked("CHANGELOG.md"))?.[1]).toBe(packages[0]?.manifest.version);
});

test("changes stand under their weight, the newest version first", () => {
  const section = changelogSection("0.2.0", [
    { summary: "Pushes are faster.\n\nMuch.\n", releases: [{ name: "@backref/core", type: "patch" }] },
    {
      summary: "`push` takes an object.",
      releases: [
        { name: "@backref/core", type: "major" },
        { name: "@backref/testing", type: "patch" },
      ],
    },
  ]);
  expect(withSection("# Changelog\n\nWords.\n\n## 0.1.0\n\nThe first.\n", section).split("\n")).toEqual([
    ...["# Changelog", "", "Words.", "", "## 0.2.0", ""],
    ...["### Breaking", "", "- `push` takes an object. (`@backref/core`, `@backref/testing`)", ""],
    ...["### Mended", "", "- Pushes are faster.", "  ", "  Much. (`@backref/core`)", ""],
    ...["## 0.1.0", "", "The first.", ""],
  ]);
});

test("a package is published after those that it needs", () => {
  const order = inPublishingOrder(packages.map(({ manifest }) => manifest)).map(({ name }) => name);
  expect(order).toHaveLength(packages.length);
  for (const { manifest } of packages) {
    const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const late = needed.filter((name) => order.indexOf(name) > order.indexOf(manifest.name));
    expect(late, manifest.name).toEqual([]);
  }
});

test("a package says where it was published from, and only the version's own tag publishes it", () => {
  const environment = {
    GITHUB_SERVER_URL: "https://git.example.com",
    GITHUB_REPOSITORY: "acme/backref",
    GITHUB_REF_NAME: "v0.1.0",
  };
  expect(originOf(environment, "packages/core")).toEqual({
    repository: { type: "git", url: "git+https://git.example.com/acme/backref.git", directory: "packages/core" },
    homepage: "https://git.example.com/acme/backref/tree/v0.1.0/packages/core",
    bugs: "https://git.example.com/acme/backref/issues",
  });
  expect(() => originOf({ ...environment, GITHUB_REPOSITORY: "" }, "packages/core")).toThrow("GITHUB_REPOSITORY");
  expect(() => checkTag(environment, "0.2.0")).toThrow("The packages have version 0.2.0, and the tag is v0.1.0.");
  checkTag(environment, "0.1.0");
});
