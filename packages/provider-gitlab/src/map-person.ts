import type { RemotePerson } from "@backref/core/provider";
import { z } from "zod";
import { idShape } from "./shapes.ts";

export interface RestPerson {
  readonly id: string;
  readonly username: string;
  readonly name?: string | null | undefined;
}

export const personShape: z.ZodType<RestPerson> = z.object({
  id: idShape,
  username: z.string(),
  name: z.string().nullish(),
});

export function mapPerson({ id, username, name }: RestPerson): RemotePerson {
  return { id, login: username, displayName: name || username };
}
