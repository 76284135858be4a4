/** Something the person who started the program can put right. Its message is all they need; the exit code is 2. */
export class InputError extends Error {
  override readonly name: string = "InputError";
}
