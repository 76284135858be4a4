import type { RemotePerson } from "@backref/core/provider";
import { z } from "zod";

/** Somebody, as answers have them: an object, or `Jamal Hartnett <jamal@example.com>` of older versions. */
export interface AzureDevOpsPerson {
  readonly id: string | null;
  readonly uniqueName: string | null;
  readonly displayName: string | null;
}

const objectShape = z.object({
  id: z.string().nullish(),
  uniqueName: z.string().nullish(),
  displayName: z.string().nullish(),
});

const named = /^(.*?)\s*<([^<>]+)>$/;

export const personShape: z.ZodType<AzureDevOpsPerson> = z.union([
  objectShape.transform(({ id, uniqueName, displayName }): AzureDevOpsPerson => {
    // Reports have both names in the unique one.
    const [, display, unique] = named.exec(uniqueName ?? "") ?? [];
    return {
      id: id || null,
      uniqueName: unique || uniqueName || null,
      displayName: displayName || display || null,
    };
  }),
  z.string().transform((text): AzureDevOpsPerson => {
    const [, display, unique] = named.exec(text) ?? [];
    return { id: null, uniqueName: unique ?? text, displayName: display || text };
  }),
]);

/** People have an id that never changes, and a unique name: an e-mail address, or `DOMAIN\name` on Server. */
export function mapPerson({ id, uniqueName, displayName }: AzureDevOpsPerson): RemotePerson {
  const known = id ?? uniqueName ?? "unknown";
  return { id: known, login: uniqueName, displayName: displayName ?? uniqueName ?? known };
}
