import { posix } from "node:path";
import { type Comment, type Program, parseSync } from "oxc-parser";

/** A module of the source, parsed. */
export interface SourceModule {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** Exported name → where it comes from. */
  readonly exports: ReadonlyMap<string, Binding>;
  /** Name in the module → where it is imported from. */
  readonly imports: ReadonlyMap<string, Binding>;
  /** Modules of which everything is exported again. */
  readonly reexported: readonly string[];
}

/** A name of another module, or of the module itself where `from` is null. */
interface Binding {
  readonly from: string | null;
  readonly name: string;
}

/** Where a declaration stands. */
export interface Place {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly name: string;
}

export interface Modules {
  read(path: string): SourceModule;
  /** Where what a module exports under a name is declared; null for what comes from a package outside of the repository. */
  findExport(path: string, name: string): Place | null;
  /** Where what a name means inside a module is declared; null where that is outside of the repository. */
  findName(path: string, name: string): Place | null;
  exportedNames(path: string): readonly string[];
}

/**
 * Follows names through the modules of the repository, by what is written in them: no compiler.
 * @param entries specifier of each entry point, for example `@backref/core/provider` → path of its module
 */
export function createModules(readText: (path: string) => string, entries: ReadonlyMap<string, string>): Modules {
  const known = new Map<string, SourceModule>();

  const read = (path: string): SourceModule => {
    const found = known.get(path) ?? parseModule(path, readText(path));
    known.set(path, found);
    return found;
  };

  const locate = (path: string, specifier: string): string | null =>
    specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : (entries.get(specifier) ?? null);

  const follow = (path: string, { from, name }: Binding): Place | null => {
    if (from === null) return findName(path, name);
    const target = locate(path, from);
    return target === null ? null : findExport(target, name);
  };

  function findExport(path: string, name: string): Place | null {
    const { exports, reexported } = read(path);
    const binding = exports.get(name);
    if (binding !== undefined) return follow(path, binding);
    for (const specifier of reexported) {
      const target = locate(path, specifier);
      const place = target === null ? null : findExport(target, name);
      if (place !== null) return place;
    }
    return null;
  }

  function findName(path: string, name: string): Place | null {
    const { imports, program } = read(path);
    const binding = imports.get(name);
    if (binding !== undefined) return follow(path, binding);
    return program.body.some((statement) => declaredNames(statement).includes(name)) ? { file: path, name } : null;
  }

  function exportedNames(path: string): readonly string[] {
    const { exports, reexported } = read(path);
    const further = reexported.map((specifier) => locate(path, specifier)).filter((target) => target !== null);
    return [...new Set([...exports.keys(), ...further.flatMap(exportedNames)])];
  }

  return { read, findExport, findName, exportedNames };
}

type Statement = Program["body"][number];

/** The declaration that a statement is or exports. */
export function declarationOf(statement: Statement): Statement {
  return statement.type === "ExportNamedDeclaration" && statement.declaration !== null
    ? statement.declaration
    : statement;
}

/** Names that a statement declares, exported or not. */
export function declaredNames(statement: Statement): readonly string[] {
  const declaration = declarationOf(statement);
  switch (declaration.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
    case "ClassDeclaration":
      return declaration.id === null ? [] : [declaration.id.name];
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return [declaration.id.name];
    case "VariableDeclaration":
      return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
    default:
      return [];
  }
}

/** The doc comment that ends directly before a position. */
export function commentBefore(position: number, { comments, text }: SourceModule): string | null {
  const comment = comments.findLast(({ end }) => end <= position);
  if (comment === undefined || comment.type !== "Block" || !comment.value.startsWith("*")) return null;
  if (comment.value.includes("@packageDocumentation")) return null;
  return text.slice(comment.end, position).trim() === "" ? comment.value : null;
}

function parseModule(path: string, text: string): SourceModule {
  const { program, comments, errors } = parseSync(path, text);
  const problem = errors[0];
  if (problem !== undefined) throw new SyntaxError(`${path}: ${problem.message}`);

  const exports = new Map<string, Binding>();
  const imports = new Map<string, Binding>();
  const reexported: string[] = [];
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      for (const { type, local, ...specifier } of statement.specifiers) {
        const name = type === "ImportSpecifier" && "imported" in specifier ? nameOf(specifier.imported) : "*";
        imports.set(local.name, { from: statement.source.value, name });
      }
    } else if (statement.type === "ExportAllDeclaration") {
      reexported.push(statement.source.value);
    } else if (statement.type === "ExportNamedDeclaration") {
      for (const name of declaredNames(statement)) exports.set(name, { from: null, name });
      for (const { local, exported } of statement.specifiers)
        exports.set(nameOf(exported), { from: statement.source?.value ?? null, name: nameOf(local) });
    }
  }
  return { path, text, program, comments, exports, imports, reexported };
}

function nameOf(node: { readonly type: string; readonly name?: unknown; readonly value?: unknown }): string {
  return String(node.type === "Literal" ? node.value : node.name);
}
