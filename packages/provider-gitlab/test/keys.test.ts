import { describe, expect, test } from "vitest";
import { setUp } from "./support.ts";

const drawer = (item: object) => `show=${encodeURIComponent(btoa(JSON.stringify(item)))}`;
const shown = { iid: "12", full_path: "acme/shop/web", id: 7 };

describe.each(["https://gitlab.com", "https://host.example/gitlab"])("what names an issue of %s", (siteUrl) => {
  const parse = (text: string) => {
    const { provider, call } = setUp(siteUrl);
    const location = provider.parseIssue(text, call());
    return location === null ? null : `${location.container ?? ""}#${location.item}`;
  };

  test.each([
    ["12", "#12"],
    ["GL-12", "#12"],
    [" acme/shop/web#12 ", "acme/shop/web#12"],
    ["SITE/acme/shop/web/-/issues/12", "acme/shop/web#12"],
    ["SITE/acme/shop/web/-/work_items/12?view=x#note_3", "acme/shop/web#12"],
    ["SITE/acme/shop/web/-/issues/incident/12", "acme/shop/web#12"],
    ["SITE/acme/shop/web/-/issues/12/designs/shot.png", "acme/shop/web#12"],
    [`SITE/acme/shop/web/-/issues?state=all&${drawer(shown)}`, "acme/shop/web#12"],
    [`SITE/groups/acme/-/issues?${drawer({ ...shown, iid: 12 })}`, "acme/shop/web#12"],
    [`SITE/acme/shop/web/-/boards/3?${drawer(shown)}`, "acme/shop/web#12"],
  ])("%s", (text, key) => {
    expect(parse(text.replace("SITE", siteUrl))).toBe(key);
  });

  test.each([
    ...["", "#0", "#99999999999", "acme#12", "acme/shop/web!12", "acme/shop/web #12", "../web#12", "-/web#12"],
    ...["SITE/groups/acme/-/work_items/12", "SITE/groups/acme/-/epics/12", "SITE/acme/shop/web/-/merge_requests/12"],
    ...["SITE/acme/shop/web/-/issues/12x", "https://gitlab.com.evil.example/acme/shop/web/-/issues/12"],
    ...[
      "SITE/-/issues?show=e30=",
      "SITE/-/issues?show=%00",
      `SITE/a/b/-/issues?${drawer({ ...shown, full_path: "../.." })}`,
    ],
    ...[`SITE/a/b/-/issues?${drawer({ ...shown, iid: "1/../2" })}`, `SITE/a/b/-/issues?${drawer([shown])}`],
  ])("not %j", (text) => {
    expect(parse(text.replace("SITE", siteUrl))).toBeNull();
  });
});
