import type { RemoteComment, RemotePerson } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { mapPerson, personShape } from "./map-person.ts";
import { timeShape } from "./shapes.ts";
import { readText } from "./text.ts";

const commentShape = z.object({
  id: z.string(),
  body: z.string(),
  createdAt: timeShape,
  updatedAt: timeShape,
  url: z.string().nullish(),
  user: personShape.nullish(),
  // An object in answers; deliveries have it as text.
  botActor: z.object({ name: z.string().nullish() }).nullish().catch(null),
});

export function mapComment(node: unknown): RemoteComment {
  const { id, body, createdAt, updatedAt, url, user, botActor } = parseShape(commentShape, node, "comment");
  const bot: RemotePerson | null = botActor?.name
    ? { id: botActor.name, login: null, displayName: botActor.name }
    : null;
  return {
    remoteId: id,
    body: readText(body),
    author: user == null ? bot : mapPerson(user),
    visibility: "public",
    url: url ?? null,
    createdAt,
    updatedAt,
    version: updatedAt,
  };
}
