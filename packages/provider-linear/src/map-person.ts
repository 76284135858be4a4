import type { RemotePerson } from "@backref/core/provider";
import { z } from "zod";

export interface LinearPerson {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string | null | undefined;
}

export const personShape: z.ZodType<LinearPerson> = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string().nullish(),
});

/** `displayName` is what people type behind an `@`; deliveries have the name alone. */
export function mapPerson({ id, name, displayName }: LinearPerson): RemotePerson {
  return { id, login: displayName || null, displayName: name };
}
