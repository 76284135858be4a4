import type { IssueSite } from "@backref/core/provider";
import { createUrlTemplateProvider, type UrlTemplateOptions } from "../src/index.ts";

export const baseUrl = "https://tracker.example";
export const provider = createUrlTemplateProvider();

export interface Preset {
  readonly name: string;
  readonly options: Partial<UrlTemplateOptions> & Pick<UrlTemplateOptions, "issueUrlTemplate">;
  /** An issue, its key and its URL. */
  readonly container: string;
  readonly item: string;
  readonly key: string;
  readonly url: string;
}

/** Those of the documentation, docs/providers/url-template.md. */
export const presets: readonly Preset[] = [
  {
    name: "Bugzilla",
    options: { issueUrlTemplate: "/show_bug.cgi?id={item}" },
    container: "tracker",
    item: "12",
    key: "#12",
    url: "https://tracker.example/show_bug.cgi?id=12",
  },
  {
    name: "Trac",
    options: { issueUrlTemplate: "/ticket/{item}" },
    container: "tracker",
    item: "12",
    key: "#12",
    url: "https://tracker.example/ticket/12",
  },
  {
    name: "MantisBT",
    options: { issueUrlTemplate: "/view.php?id={item}" },
    container: "tracker",
    item: "12",
    key: "#12",
    url: "https://tracker.example/view.php?id=12",
  },
  {
    name: "YouTrack",
    options: {
      issueUrlTemplate: "/issue/{key}",
      keyPattern: "(?<container>[A-Z][A-Z0-9_]*)-(?<item>[1-9][0-9]*)",
      keyCase: "upper",
    },
    container: "PROJ",
    item: "12",
    key: "PROJ-12",
    url: "https://tracker.example/issue/PROJ-12",
  },
  {
    name: "Phabricator",
    options: { issueUrlTemplate: "/{key}", keyPattern: "T(?<item>[1-9][0-9]*)", keyCase: "upper" },
    container: "tracker",
    item: "12",
    key: "T12",
    url: "https://tracker.example/T12",
  },
  {
    name: "Gitea, Forgejo",
    options: {
      issueUrlTemplate: "/{container}/issues/{item}",
      keyPattern: "(?<container>[\\w.-]+/[\\w.-]+)?#(?<item>[1-9][0-9]*)",
      keyCase: "lower",
    },
    container: "acme/web",
    item: "12",
    key: "acme/web#12",
    url: "https://tracker.example/acme/web/issues/12",
  },
];

/** A source with these options; they must be right. */
export function siteWith(options: unknown, at: string = baseUrl): IssueSite<UrlTemplateOptions> {
  const parsed = provider.describe().options.parse(options);
  if (!parsed.ok) throw new TypeError(parsed.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join());
  return { baseUrl: at, options: parsed.value };
}

/** What is wrong with options, by option. */
export function problemsOf(options: unknown): Readonly<Record<string, string>> {
  const parsed = provider.describe().options.parse(options);
  if (parsed.ok) return {};
  return Object.fromEntries(parsed.issues.map(({ path, message }) => [path.join("."), message]));
}
