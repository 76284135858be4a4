import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import type { ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";

/** Methods that a group must have; the others depend on capabilities or are conveniences. */
const requiredMethods = {
  connect: ["account", "test", "probe"],
  read: ["issues"],
  search: ["issues"],
  create: ["create", "findCreated"],
  update: ["update"],
  comments: ["list", "create"],
  changes: ["list"],
  webhooks: ["verify", "read"],
  form: ["fields"],
  labels: ["ensure"],
  people: ["search"],
  attachments: ["upload"],
  containers: ["list"],
  authorization: ["url", "exchange", "canRefresh", "refresh", "expiresAt"],
} as const;

function isPresent({ provider }: ProviderContext, group: keyof typeof requiredMethods, method: string): boolean {
  return typeof (provider[group] as Readonly<Record<string, unknown>> | undefined)?.[method] === "function";
}

export const capabilityRules: readonly Rule<ProviderContext>[] = [
  ...defineRules("core/provider/provider.ts, Provider", {}, [
    [
      "id",
      "The id is lower case and fit to be stored: letters, digits, hyphens.",
      async ({ provider }) => assert.match(provider.id, /^[a-z][a-z0-9-]{0,49}$/, `the id is ${provider.id}`),
    ],
    [
      "spec-version",
      "The provider says which version of the contract it speaks.",
      async ({ provider }) => assert.equal(provider.specVersion, 1),
    ],
    [
      "groups-whole",
      "A group is present with all its methods, or absent.",
      async (context) => {
        for (const [name, methods] of Object.entries(requiredMethods)) {
          const group = name as keyof typeof requiredMethods;
          if (context.provider[group] === undefined) continue;
          const missing = methods.filter((method) => !isPresent(context, group, method));
          assert.deepEqual(missing, [], `the group ${name} lacks ${missing.join(", ")}`);
        }
      },
    ],
    [
      "preload",
      "Loading the tracker's client ahead of use can be repeated.",
      async ({ provider }) => {
        await provider.preload?.();
        await provider.preload?.();
      },
    ],
  ]),
  ...defineRules("core/provider/capabilities.ts, ProviderCapabilities", {}, [
    [
      "capabilities-sound",
      "Declared numbers are sound, and states can at least be open and closed.",
      async ({ capabilities }) => {
        const { readBatchSize, versionGranularityMs, readLagMs, stateCategories, maxLength } = capabilities;
        assert.ok(Number.isInteger(readBatchSize) && readBatchSize >= 1, `readBatchSize is ${readBatchSize}`);
        assert.ok(versionGranularityMs >= 0, `versionGranularityMs is ${versionGranularityMs}`);
        assert.ok(readLagMs >= 0, `readLagMs is ${readLagMs}`);
        for (const category of ["open", "closed"] as const) {
          assert.ok(stateCategories.includes(category), `stateCategories lacks "${category}"`);
        }
        for (const [field, length] of Object.entries(maxLength)) {
          assert.ok(length === null || (Number.isInteger(length) && length > 0), `maxLength.${field} is ${length}`);
        }
      },
    ],
    [
      "capabilities-explicit",
      "What groups rest on is declared in so many words: the marker's place with `create`, `comments` with comments.",
      async ({ provider }) => {
        const { markerPlace, comments, requiredFields } = provider.capabilities;
        if (provider.create !== undefined) assert.ok(markerPlace !== undefined, "`create` without a markerPlace");
        if (requiredFields === true)
          assert.ok(provider.form !== undefined, "`requiredFields` without the group `form`");
        if (provider.comments !== undefined) assert.ok(comments !== undefined, "`comments` without its capabilities");
      },
    ],
    [
      "capabilities-comments",
      "Comments can be edited and deleted exactly where the capabilities say so.",
      async (context) => {
        const { edit, delete: canDelete } = context.capabilities.comments;
        assert.equal(isPresent(context, "comments", "update"), edit, `comments.update, where comments.edit is ${edit}`);
        assert.equal(
          isPresent(context, "comments", "delete"),
          canDelete,
          `comments.delete, where comments.delete is ${canDelete}`,
        );
      },
      { groups: ["comments"] },
    ],
  ]),
];
