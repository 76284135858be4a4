import { describe, expect, test } from "vitest";
import { parseContainer, parseIssue } from "../src/keys.ts";
import { normaliseBaseUrl } from "../src/site.ts";
import type { AzureDevOpsOptions } from "../src/types.ts";

const options: AzureDevOpsOptions = { deployment: null, workItemType: "Bug", bodyField: null, setsSeverity: false };

describe("a base URL", () => {
  test.each([
    ["https://tfs.example/tfs/DefaultCollection", "https://tfs.example/tfs/DefaultCollection"],
    ["https://tfs.example/tfs/DefaultCollection/", "https://tfs.example/tfs/DefaultCollection"],
    ["https://tfs.example/tfs/DefaultCollection/Web%20Shop", "https://tfs.example/tfs/DefaultCollection"],
    ["https://tfs.example/tfs/DefaultCollection/Web/Team/_boards/board", "https://tfs.example/tfs/DefaultCollection"],
    ["https://tfs.example/apps/TFS/Main/Web/_workitems/edit/3", "https://tfs.example/apps/TFS/Main"],
    ["https://tfs.example:8080/tfs", "https://tfs.example:8080/tfs"],
    ["https://tfs.example/tfs/_home", "https://tfs.example/tfs"],
    ["https://tfs.example/Main/_projects", "https://tfs.example/Main"],
    ["https://tfs.example/Main/tfs/_boards", "https://tfs.example/Main"],
    ["https://tfs.example/apps/Main", "https://tfs.example/apps/Main"],
    ["https://dev.azure.com/acme/_projects", "https://dev.azure.com/acme"],
    ["https://ACME.visualstudio.com/DefaultCollection/Web", "https://dev.azure.com/acme"],
  ])("of %s is %s", (given, expected) => {
    expect(normaliseBaseUrl(given)).toBe(expected);
  });
});

describe("a project", () => {
  test.each([
    ["https://tfs.example/tfs/DefaultCollection/Web%20Shop", "Web Shop"],
    ["https://tfs.example/apps/tfs/DefaultCollection/Web/_workitems/edit/3", "Web"],
    ["https://tfs.example/Main/%E6%9D%B1%E4%BA%AC/Team/_boards", "東京"],
    ["https://dev.azure.com/acme/Web%20Shop", "Web Shop"],
    ["https://acme.visualstudio.com/DefaultCollection/Web", "Web"],
    [" Überblick 東京 ", "Überblick 東京"],
  ])("of %s is %s", (given, expected) => {
    expect(parseContainer(given)).toBe(expected);
  });

  test.each([
    "https://tfs.example/tfs/DefaultCollection/_projects",
    "https://tfs.example/tfs/DefaultCollection",
    "https://tfs.example/Main/_projects",
    "https://tfs.example/_home",
    "https://dev.azure.com/acme/_settings",
    "https://dev.azure.com/acme",
    "https://dev.azure.com/acme/%ZZ",
    "a/b",
    "..",
    "_hidden",
    "x".repeat(65),
  ])("is not told by %s", (given) => {
    expect(parseContainer(given)).toBe(null);
  });
});

describe("a work item", () => {
  const site = { baseUrl: "https://tfs.example/tfs/DefaultCollection", options };
  const below = (path: string, base = site.baseUrl) => parseIssue(`${base}${path}`, site);

  test.each([
    ["/Web/_workitems/edit/12?x=1#c", "Web"],
    ["/Web/_workitems/edit/12/", "Web"],
    ["/Web/Team/_backlogs/backlog/Stories/?workitem=12", "Web"],
    ["/%E6%9D%B1/_workitems/edit/12", "東"],
    ["/_workitems/edit/12", null],
    ["/6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c/_apis/wit/workItems/12", null],
  ])("is found in %s", (path, container) => {
    expect(below(path)).toEqual({ container, item: "12" });
  });

  test("is found below an address that is written in another case, as the tracker finds it", () => {
    for (const base of ["https://TFS.example/TFS/defaultcollection", "tfs.example/tfs/DEFAULTCOLLECTION"])
      expect(below("/Web/_workitems/edit/12", base)).toEqual({ container: "Web", item: "12" });
    const services = { baseUrl: "https://dev.azure.com/acme", options };
    for (const url of ["https://dev.azure.com/Acme/Web", "https://ACME.visualstudio.com/Web"])
      expect(parseIssue(`${url}/_workitems/edit/12`, services)).toEqual({ container: "Web", item: "12" });
  });

  test.each([
    "https://tfs.example/tfs/DefaultCollectionTwo/Web/_workitems/edit/12",
    "https://tfs.example/tfs/Other/Web/_workitems/edit/12",
    "https://elsewhere.example/tfs/DefaultCollection/Web/_workitems/edit/12",
    `${site.baseUrl}/Web/_git/repository/pullrequest/12`,
    `${site.baseUrl}/Web/_workitems/edit/12abc`,
    "0",
    "012",
    "ab 12",
    // Ids are 32-bit integers.
    "2147483648",
    `${site.baseUrl}/Web/_workitems/edit/9999999999`,
    `${site.baseUrl}/Web/_boards/board/t/Web?workitem=9999999999`,
  ])("is not %s", (text) => {
    expect(parseIssue(text, site)).toBe(null);
  });
});
