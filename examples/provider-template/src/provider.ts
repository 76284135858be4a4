import type { Provider } from "@backref/core/provider";
import { type AcmeAuth, type AcmeOptions, authForm, containerForm, optionsForm } from "./forms.ts";
import { formatIssue, parseIssue } from "./keys.ts";

/** Links to issues of Acme Tracker. Group by group (`connect`, `read`, `create`, …) it learns more. */
export function createAcmeProvider(): Provider<"acme", AcmeAuth, AcmeOptions> {
  return {
    id: "acme",
    specVersion: 1,
    capabilities: {},
    describe: () => ({
      name: "Acme Tracker",
      defaultBaseUrl: null,
      containerName: "Project",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    parseIssue,
    formatIssue,
  };
}
