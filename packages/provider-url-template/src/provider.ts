import type { Provider } from "@backref/core/provider";
import { createUrl } from "./create-url.ts";
import { formatIssue, parseIssue, soleContainer } from "./keys.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createSites } from "./site.ts";
import type { UrlTemplateOptions } from "./types.ts";

/** Any tracker whose issues have keys and URLs: links only, no API, no credential. */
export function createUrlTemplateProvider(): Provider<"url-template", null, UrlTemplateOptions> {
  const siteOf = createSites();
  return {
    id: "url-template",
    specVersion: 1,
    capabilities: {},
    describe: () => ({
      name: "URL template",
      defaultBaseUrl: null,
      containerName: "Container",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    parseIssue: (text, site) => parseIssue(text, siteOf(site)),
    formatIssue: (location, site) => formatIssue(location, siteOf(site)),
    createUrl: (draft, site) => createUrl(draft, siteOf(site)),
    onlyContainer: (site) => (siteOf(site).key.hasContainer ? null : soleContainer),
  };
}
