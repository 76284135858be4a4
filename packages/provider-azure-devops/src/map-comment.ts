import type { RemoteComment } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { Deployment } from "./site.ts";
import { guessFormat, type RichText, type TextFormat } from "./text.ts";

const commentShape = z
  .object({
    id: idShape.nullish(),
    // Older versions call it this.
    commentId: idShape.nullish(),
    text: z.string().nullish(),
    format: z.string().nullish().catch(null),
    version: z.number().int(),
    createdBy: personShape.nullish().catch(null),
    createdDate: timeShape,
    modifiedDate: timeShape,
    isDeleted: z.boolean().nullish(),
  })
  .transform(({ id, commentId, ...rest }, context) => {
    const known = id ?? commentId;
    if (known != null) return { ...rest, id: known };
    context.addIssue({ code: "custom", path: ["id"], message: "Expected an id." });
    return z.NEVER;
  });

export interface CommentContext {
  readonly richText: RichText;
  readonly deployment: Deployment;
  /** Of the work item. */
  readonly issueUrl: string;
}

/** Null for one that was deleted. */
export function mapComment(data: unknown, context: CommentContext): RemoteComment | null {
  const comment = parseShape(commentShape, data, "comment");
  if (comment.isDeleted === true) return null;
  const text = comment.text ?? "";
  return {
    remoteId: comment.id,
    body: context.richText.read(text, formatOf(text, comment.format?.toLowerCase() ?? null, context.deployment)),
    author: comment.createdBy ? mapPerson(comment.createdBy) : null,
    // Whoever sees a work item sees its comments.
    visibility: "public",
    url: `${context.issueUrl}#${comment.id}`,
    createdAt: comment.createdDate,
    updatedAt: comment.modifiedDate,
    version: comment.version,
  };
}

function formatOf(text: string, told: string | null, deployment: Deployment): TextFormat {
  if (deployment === "server") return "html";
  return told === "markdown" || told === "html" ? told : guessFormat(text);
}
