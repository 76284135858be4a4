import { expect, test } from "vitest";
import { newNameOf } from "../../src/engine/rename-container.ts";
import type { Provider } from "../../src/provider/provider.ts";
import type { PollScopeRow, SourceRow } from "../../src/storage/rows/source-rows.ts";

const format = ({ container, item }: { readonly container: string; readonly item: string }) => `${container}#${item}`;
const provider = {
  formatIssue: (place) => ({ canonicalKey: format(place).toLowerCase(), displayKey: format(place), url: "" }),
} as Pick<Provider, "formatIssue"> as Provider;
const source = { baseUrl: "https://api.github.com", options: {} } as SourceRow;

test.each([
  ["acme/web", ["acme/site", "acme/site"], "acme/site"],
  ["acme/web", [], null],
  ["acme/web", ["acme/web"], null],
  ["acme/web", ["ACME/Web"], null],
  // Rows of before and after the renaming: the next poll knows.
  ["acme/web", ["acme/site", "acme/web"], null],
  // A poll of everything that the account sees.
  ["", ["acme/site"], null],
])("a poll of %j with rows of %j has the new name %j", (container, names, expected) => {
  const places = names.map((name) => ({ container: name }));
  expect(newNameOf(provider, source, { container } as PollScopeRow, places)).toBe(expected);
});
