import { z } from "zod";
import type { Actor } from "../domain/actor.ts";
import { hostId, parseInput } from "../input/parse-input.ts";

const systemActor = z.strictObject({ tenantId: hostId, system: z.literal(true) });

const userActor = z.object({
  tenantId: hostId,
  userId: hostId,
  displayName: z.string().min(1).max(255).exactOptional(),
  role: z.enum(["owner", "admin"]).exactOptional(),
  projects: z.record(hostId, z.enum(["admin", "member", "viewer"])).exactOptional(),
  permissions: z.array(z.string().min(1).max(255)).exactOptional(),
});

/**
 * Checks what a host gave to `backref.as(…)`. Fields it does not know are left out; a system actor has no others.
 *
 * @throws BackrefError `invalid-input`
 */
export function parseActor(input: unknown): Actor {
  const isSystem = typeof input === "object" && input !== null && "system" in input && input.system !== undefined;
  return isSystem ? parseInput(systemActor, input, "actor") : parseInput(userActor, input, "actor");
}
