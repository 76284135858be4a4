import type { LinearCall } from "./client.ts";
import { namesUnknownUser } from "./errors.ts";

/** Accounts that Linear lately said are not there. One that is forgotten costs a refusal more. */
export interface GoneUsers {
  has(call: LinearCall, userId: string): boolean;
  add(call: LinearCall, userId: string): void;
}

const keptMs = 3_600_000;
const mostKept = 200;

export function createGoneUsers(): GoneUsers {
  const goneAt = new Map<string, number>();
  const keyOf = (call: LinearCall, userId: string) => `${call.baseUrl} ${call.credentialId} ${userId}`;
  return {
    has(call, userId) {
      const at = goneAt.get(keyOf(call, userId));
      return at !== undefined && call.clock.monotonic() - at < keptMs;
    },
    add(call, userId) {
      if (goneAt.size >= mostKept) goneAt.clear();
      goneAt.set(keyOf(call, userId), call.clock.monotonic());
    },
  };
}

/**
 * Linear refuses a whole write for an account that was deleted meanwhile, and does nothing of it. The rest is sent without:
 * that nobody was assigned shows in the answer.
 */
export async function withoutUnknownUser<Input extends { readonly assigneeId?: string | null }, Answer>(
  gone: GoneUsers,
  call: LinearCall,
  input: Input,
  send: (input: Input) => Promise<Answer>,
): Promise<Answer> {
  const { assigneeId, ...rest } = input;
  if (assigneeId == null) return send(input);
  if (gone.has(call, assigneeId)) return send(rest as Input);
  try {
    return await send(input);
  } catch (error) {
    if (!namesUnknownUser(error)) throw error;
    gone.add(call, assigneeId);
    return await send(rest as Input);
  }
}
