import { namesUnknownUser } from "./errors.ts";

/**
 * Linear refuses a whole write for an account that was deleted meanwhile, and does nothing of it. The rest is sent without:
 * that nobody was assigned shows in the answer.
 */
export async function withoutUnknownUser<Input extends object, Answer>(
  input: Input,
  send: (input: Input) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send(input);
  } catch (error) {
    if (!namesUnknownUser(error) || !("assigneeId" in input)) throw error;
    const { assigneeId: _deleted, ...rest } = input;
    return await send(rest as Input);
  }
}
