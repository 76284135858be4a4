import { withoutTrailingSlashes } from "@backref/provider-kit";

/** Where Redmine's own pages begin, below the address that it is installed at. */
const pages = /\/(?:projects|issues|my|login|admin|users|settings|search|activity|versions|attachments)(?:[/.].*)?$/;

/** A server's address of what people copy from its pages. It may be installed below another path. */
export function normaliseBaseUrl(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${withoutTrailingSlashes(pathname.replace(pages, ""))}`;
}
