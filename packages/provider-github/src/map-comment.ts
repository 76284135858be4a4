import type { RemoteComment } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { mapRestPerson, restPersonShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";

const restCommentShape = z.object({
  id: idShape,
  body: z.string().nullish(),
  user: restPersonShape.nullish(),
  html_url: z.string().nullish(),
  created_at: timeShape,
  updated_at: timeShape,
});

/** GitHub has no internal comments: who sees the issue sees them all. */
export function mapRestComment(data: unknown): RemoteComment {
  const comment = parseShape(restCommentShape, data, "comment");
  return {
    remoteId: comment.id,
    body: comment.body ?? "",
    author: comment.user ? mapRestPerson(comment.user) : null,
    visibility: "public",
    url: comment.html_url ?? null,
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    version: comment.updated_at,
  };
}
