import type { IssueSite } from "@backref/core/provider";
import { type IssueUrl, parseIssueUrl } from "./issue-url.ts";
import { type KeyPattern, parseKeyPattern } from "./key-pattern.ts";
import type { UrlTemplateOptions } from "./types.ts";
import { parseUrlTemplate, type UrlTemplate } from "./url-template.ts";

/** What a create URL template may name. */
export const createNames = ["container", "title", "description"] as const;
type CreateName = (typeof createNames)[number];

/** A source's templates, understood. */
export interface CompiledSite {
  readonly key: KeyPattern;
  readonly issueUrl: IssueUrl;
  readonly createUrl: UrlTemplate<CreateName> | null;
  /** Hosts that the tracker's URLs may have. */
  readonly hosts: ReadonlySet<string>;
}

const mostRemembered = 200;

/** Understands each source's options once; the same options mean the same in every process. */
export function createSites(): (site: IssueSite<UrlTemplateOptions>) => CompiledSite {
  const known = new Map<string, CompiledSite>();
  return (site) => {
    const { issueUrlTemplate, createUrlTemplate, keyPattern, keyCase, hostAliases } = site.options;
    const name = JSON.stringify([site.baseUrl, issueUrlTemplate, createUrlTemplate, keyPattern, keyCase, hostAliases]);
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const compiled = compileSite(site);
    known.set(name, compiled);
    const [oldest] = known.keys();
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    return compiled;
  };
}

/** @throws OptionProblem for options that the form would refuse */
function compileSite({ baseUrl, options }: IssueSite<UrlTemplateOptions>): CompiledSite {
  const key = parseKeyPattern(options.keyPattern, options.keyCase);
  const issueUrl = parseIssueUrl(options.issueUrlTemplate, baseUrl, key);
  const createUrl =
    options.createUrlTemplate === null ? null : parseUrlTemplate(options.createUrlTemplate, baseUrl, createNames);
  return { key, issueUrl, createUrl, hosts: new Set([issueUrl.host, ...options.hostAliases].map(withoutWww)) };
}

export function withoutWww(host: string): string {
  return host.replace(/^www\./, "");
}
