import type { CommentVisibility, RemoteComment } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { readFileNote } from "./file-note.ts";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";

const noteShape = z.object({
  id: idShape,
  body: z.string(),
  author: personShape.nullish(),
  system: z.boolean().nullish(),
  // Before GitLab 15.5 internal notes were called confidential.
  internal: z.boolean().nullish(),
  confidential: z.boolean().nullish(),
  created_at: timeShape,
  updated_at: timeShape,
});

/** A note that somebody wrote; null for what GitLab writes itself. */
export function mapComment(data: unknown, issueUrl: string): RemoteComment | null {
  const note = parseShape(noteShape, data, "note");
  if (note.system === true) return null;
  return {
    remoteId: note.id,
    body: note.body,
    author: note.author ? mapPerson(note.author) : null,
    visibility: visibilityOf(note),
    url: `${issueUrl}#note_${note.id}`,
    createdAt: note.created_at,
    updatedAt: note.updated_at,
    version: note.updated_at,
  };
}

/** A note that is there for a file of ours alone is counted, as GitLab counts it, and stays at the tracker. */
function visibilityOf({ body, internal, confidential }: z.infer<typeof noteShape>): CommentVisibility {
  if (internal === true || confidential === true || readFileNote(body) !== null) return "internal";
  return typeof internal === "boolean" || typeof confidential === "boolean" ? "public" : "unknown";
}
