import { type Node, parseSync, Visitor } from "oxc-parser";

/** One place in a module that names another module. */
export interface ModuleReference {
  readonly specifier: string;
  readonly line: number;
  /** Position of the quoted specifier in the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Every module that a TypeScript text names: imports and exports (types too), `import("…")` as a value and as a type,
 * `import.meta.resolve("…")`, `require("…")` and `require.resolve("…")`.
 */
export function moduleReferences(path: string, text: string): readonly ModuleReference[] {
  const { program, errors } = parseSync(path, text);
  const problem = errors[0];
  if (problem !== undefined) throw new SyntaxError(`${path}: ${problem.message}`);

  const references: ModuleReference[] = [];
  const add = (node: Node | null | undefined): void => {
    if (node?.type !== "Literal" || typeof node.value !== "string") return;
    const { value: specifier, start, end } = node;
    references.push({ specifier, start, end, line: text.slice(0, start).split("\n").length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    CallExpression: (node) => {
      if (RESOLVERS.has(text.slice(node.callee.start, node.callee.end))) add(node.arguments[0]);
    },
  }).visit(program);
  return references;
}

const RESOLVERS = new Set(["import.meta.resolve", "require", "require.resolve"]);
