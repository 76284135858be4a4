import type { LinearCall } from "./client.ts";
import { namesStaleTeam } from "./errors.ts";
import type { Teams } from "./teams.ts";

/** Does a write once more, with the team read anew, where Linear refused it for a state or label that is gone. */
export async function withFreshTeam<Answer>(
  teams: Teams,
  call: LinearCall,
  container: string,
  write: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await write();
  } catch (error) {
    if (!namesStaleTeam(error)) throw error;
    teams.forget(call, container);
    return await write();
  }
}
