import type { Provider } from "@backref/core/provider";
import { connectGroup } from "./connect.ts";
import { authForm, containerForm, type NookAuth, type NookOptions, optionsForm } from "./forms.ts";
import { changesGroup, createGroup, readGroup, updateGroup } from "./groups.ts";
import { formatIssue, parseIssue } from "./keys.ts";

/** Cards of Nook's boards as issues: linked, read, pushed and kept in step. */
export function createNookProvider(): Provider<"nook", NookAuth, NookOptions> {
  return {
    id: "nook",
    specVersion: 1,
    capabilities: {
      readBatchSize: 50,
      compareAndSet: true,
      idempotentCreate: true,
      markerPlace: "property",
      versionGranularityMs: 0,
      stateCategories: ["open", "active", "closed"],
      maxLength: { title: 200 },
    },
    describe: () => ({
      name: "Nook",
      defaultBaseUrl: null,
      containerName: "Board",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    parseIssue,
    formatIssue,
    connect: connectGroup,
    read: readGroup,
    create: createGroup,
    update: updateGroup,
    changes: changesGroup,
  };
}
