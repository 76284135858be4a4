import type { JsonValue, RemoteComment } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { propertyKey } from "./map-issue.ts";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { RichText } from "./text.ts";

const commentShape = z.object({
  id: idShape,
  body: z.unknown().optional(),
  author: personShape.nullish().catch(null),
  created: timeShape,
  updated: timeShape,
  visibility: z.unknown().optional(),
  jsdPublic: z.boolean().nullish().catch(null),
  properties: z
    .array(z.object({ key: z.string(), value: z.unknown() }))
    .nullish()
    .catch(null),
});

/** A comment for a role or a group alone, or for the agents of a service project, is not for everybody. */
export function mapComment(data: unknown, richText: RichText, issueUrl: string): RemoteComment {
  const comment = parseShape(commentShape, data, "comment");
  const memory = comment.properties?.find(({ key }) => key === propertyKey)?.value as { body?: JsonValue } | undefined;
  const isInternal = (comment.visibility ?? null) !== null || comment.jsdPublic === false;
  return {
    remoteId: comment.id,
    body: richText.read(comment.body, memory?.body),
    author: comment.author ? mapPerson(comment.author) : null,
    visibility: isInternal ? "internal" : "public",
    url: `${issueUrl}?focusedCommentId=${comment.id}`,
    createdAt: comment.created,
    updatedAt: comment.updated,
    version: comment.updated,
  };
}
