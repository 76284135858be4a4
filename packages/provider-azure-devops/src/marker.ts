import type { CreateIssueRequest } from "@backref/core/provider";
import type { PatchStep } from "./client.ts";
import type { WorkItem } from "./map-issue.ts";
import { segment } from "./site.ts";

/** Core's own part of a body, and the address of the defect in it. */
const ownPart = /<!-- backref:([0-9a-z-]+) -->([\s\S]*?)<!-- \/backref:\1 -->/;
/** True for a text that core has written, at least in part. */
export function hasOwnPart(text: string): boolean {
  return ownPart.test(text);
}

const linkPattern = /\[((?:[^\\\]]|\\.)*)\]\(<?(https?:\/\/[^\s>)]+)>?\)/;

/**
 * A link of the work item to the defect. Its comment carries the token of the create: that is how an item whose answer was
 * lost is known again. A host without addresses of defects gets a link to the project.
 */
export function markerStep({ body, token, container }: CreateIssueRequest, baseUrl: string): PatchStep {
  const [, name = "", url] = linkPattern.exec(ownPart.exec(body)?.[2] ?? "") ?? [];
  const title = name.replace(/\\(.)/g, "$1").slice(0, 200);
  const comment = `${title === "" ? "Backref" : title} [${token}]`;
  const value = {
    rel: "Hyperlink",
    url: url ?? `${baseUrl}/${segment(container)}#${encodeURIComponent(token)}`,
    attributes: { comment },
  };
  return { op: "add", path: "/relations/-", value };
}

/** True where a create with this token made it, or somebody copied the link of one that it did. */
export function carries({ relations }: WorkItem, token: string): boolean {
  return (relations ?? []).some(({ rel, attributes }) => {
    const comment = attributes?.["comment"];
    return rel === "Hyperlink" && typeof comment === "string" && comment.endsWith(`[${token}]`);
  });
}
