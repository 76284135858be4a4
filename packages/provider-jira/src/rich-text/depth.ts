/** Levels of lists and of macros that are told apart. Nobody nests text as deeply by hand. */
export const deepestNesting = 20;

/** Levels of a tree, whose nodes need several for one of the text's. Conversions call themselves for each. */
const deepestTree = 200;

/** True where a tree has more levels than are converted. */
export function isTooDeep<Node>(root: Node, childrenOf: (node: Node) => readonly Node[]): boolean {
  let level: readonly Node[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestTree) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}
