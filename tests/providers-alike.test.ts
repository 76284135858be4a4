import { describe, expect, test } from "vitest";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

/** As the trackers spell themselves, where that is not the folder's name with capitals. */
const brands: Readonly<Record<string, string>> = {
  "azure-devops": "AzureDevOps",
  github: "GitHub",
  gitlab: "GitLab",
  "url-template": "UrlTemplate",
};

const ids = trackedFiles().flatMap((path) => /^packages\/provider-([^/]+)\/package\.json$/.exec(path)?.[1] ?? []);
const providers = ids.filter((id) => id !== "kit");

describe.each(providers)("provider %s", (id) => {
  const brand = brands[id] ?? id.replace(/^./, (letter) => letter.toUpperCase());
  const exported = readTracked(`packages/provider-${id}/src/index.ts`);

  test("is made by a function that is called after it, and so are its types", () => {
    expect(exported).toMatch(new RegExp(`\\bcreate${brand}Provider\\b`));
    const types = [...exported.matchAll(/\b(\w+?)(?:Auth|Options|Provider|Application)\b/g)].map(
      ([, name = ""]) => name,
    );
    expect(types.filter((name) => !name.startsWith(brand) && name !== `create${brand}`)).toEqual([]);
  });

  // It has no API to speak to.
  if (id === "url-template") return;
  test("maps without speaking to anybody", () => {
    for (const name of ["map-issue", "map-comment", "map-person"]) {
      const source = readTracked(`packages/provider-${id}/src/${name}.ts`);
      expect(source, name).not.toMatch(/\bawait\b|from "\.\/client\.ts"/);
    }
  });
});
