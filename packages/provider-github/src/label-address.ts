/** In an address they mean a step, also when encoded: a request for such a label would be one for something else. */
const steps: ReadonlySet<string> = new Set([".", ".."]);

/** Why GitHub's API cannot be asked to take this label away from an issue; null for nearly all. */
export function addressProblem(label: string): string | null {
  if (!steps.has(label)) return null;
  return `GitHub's API cannot address a label of the name "${label}": choose another name for it in the mapping.`;
}
