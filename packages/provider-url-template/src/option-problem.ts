/** What is wrong with an option, in words for whoever wrote it. */
export class OptionProblem extends Error {
  override readonly name: string = "OptionProblem";
}
