import type { RemoteComment } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { issueUrl } from "./keys.ts";
import { mapPerson } from "./map-person.ts";
import { idShape, namedShape, timeShape } from "./shapes.ts";
import { textOf } from "./text.ts";
import type { RedmineOptions } from "./types.ts";

const journalShape = z.object({
  id: idShape,
  user: namedShape.nullish().catch(null),
  notes: z.string().nullish(),
  private_notes: z.boolean().nullish(),
  created_on: timeShape,
  // From Redmine 5.1 on.
  updated_on: timeShape.nullish().catch(null),
});

/** A note that somebody wrote; null for an entry of the history that has none. */
export function mapComment(
  data: unknown,
  item: string,
  site: { readonly baseUrl: string; readonly options: RedmineOptions },
): RemoteComment | null {
  const journal = parseShape(journalShape, data, "journal");
  if (!journal.notes) return null;
  const updatedAt = Math.max(journal.created_on, journal.updated_on ?? 0);
  return {
    remoteId: journal.id,
    body: textOf(site.options).read(journal.notes),
    author: journal.user ? mapPerson(journal.user) : null,
    visibility: journal.private_notes == null ? "unknown" : journal.private_notes ? "internal" : "public",
    url: `${issueUrl(site.baseUrl, item)}#change-${journal.id}`,
    createdAt: journal.created_on,
    updatedAt,
    version: updatedAt,
  };
}
