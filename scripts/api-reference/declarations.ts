import { type Node, type Program, Visitor } from "oxc-parser";
import { commentBefore, declarationOf, declaredNames, type Place, type SourceModule } from "./modules.ts";
import { memberText, signatureText } from "./signatures.ts";

export type DeclarationKind = "function" | "class" | "constant" | "interface" | "type";

/** What an entry point exports under one name, or what such a declaration is made of. */
export interface Declaration extends Place {
  readonly kind: DeclarationKind;
  /** Order in the file. */
  readonly position: number;
  /** Without `/*`; null where there is none. */
  readonly comment: string | null;
  /** TypeScript without bodies, comments of members included. */
  readonly signature: string;
  /** Of an interface or class. */
  readonly members: readonly Member[];
  /** First line of an interface or class, up to its brace. */
  readonly head: string;
  /** Names of types that the public part mentions, of whatever module. */
  readonly mentioned: readonly string[];
}

export interface Member {
  readonly name: string;
  readonly isMethod: boolean;
  readonly comment: string | null;
  /** Without comment. */
  readonly signature: string;
}

type Statement = Program["body"][number];

/** The declaration of a name in a module, overloads together. */
export function readDeclaration(module: SourceModule, name: string): Declaration {
  const statements = module.program.body.filter((statement) => declaredNames(statement).includes(name));
  const [first] = statements;
  if (first === undefined) throw new Error(`${module.path} declares no ${name}`);
  const visible =
    statements.length > 1 ? statements.filter((one) => declarationOf(one).type === "TSDeclareFunction") : [];
  const shown = visible.length > 0 ? visible : statements;
  const members = membersOf(declarationOf(first), module);
  return {
    file: module.path,
    name,
    kind: kindOf(declarationOf(first)),
    position: first.start,
    comment: commentBefore(first.start, module),
    signature: shown.map((statement) => signatureText(declarationOf(statement), name, module)).join("\n"),
    members,
    head: headOf(declarationOf(first), module.text),
    mentioned: mentionedIn(shown.map(declarationOf), module.text),
  };
}

function kindOf(declaration: Statement): DeclarationKind {
  if (declaration.type === "TSInterfaceDeclaration") return "interface";
  if (declaration.type === "TSTypeAliasDeclaration") return "type";
  if (declaration.type === "ClassDeclaration") return "class";
  return declaration.type === "VariableDeclaration" ? "constant" : "function";
}

function headOf(declaration: Statement, text: string): string {
  if (declaration.type !== "TSInterfaceDeclaration" && declaration.type !== "ClassDeclaration") return "";
  return text.slice(declaration.start, declaration.body.start).trim();
}

function membersOf(declaration: Statement, module: SourceModule): readonly Member[] {
  if (declaration.type === "TSTypeAliasDeclaration" && declaration.typeAnnotation.type === "TSTypeLiteral")
    return declaration.typeAnnotation.members.flatMap((member) => memberOf(member, module));
  if (declaration.type !== "TSInterfaceDeclaration" && declaration.type !== "ClassDeclaration") return [];
  return declaration.body.body.flatMap((member) => memberOf(member, module));
}

function memberOf(member: Node, module: SourceModule): readonly Member[] {
  const signature = memberText(member, module.text);
  if (signature === null) return [];
  const name = "key" in member && member.key !== null ? module.text.slice(member.key.start, member.key.end) : "";
  const isMethod = member.type === "TSMethodSignature" || member.type === "MethodDefinition";
  return [{ name: name === "" ? signature : name, isMethod, comment: commentBefore(member.start, module), signature }];
}

/** Bodies, initial values and private members mention nothing that a user would see. */
function mentionedIn(declarations: readonly Statement[], text: string): readonly string[] {
  const names = new Set<string>();
  const hidden: { start: number; end: number }[] = [];
  const add = (node: Node): void => {
    if (hidden.some(({ start, end }) => start <= node.start && node.end <= end)) return;
    names.add(text.slice(node.start, node.end).split(/[.<]/)[0] ?? "");
  };
  const visitor = new Visitor({
    BlockStatement: (node) => void hidden.push(node),
    VariableDeclarator: ({ init }) => void (init !== null && hidden.push(init)),
    MethodDefinition: (node) => void (memberText(node, text) === null && hidden.push(node)),
    PropertyDefinition: (node) => void (memberText(node, text) === null && hidden.push(node)),
    TSTypeReference: (node) => add(node.typeName),
    TSTypeQuery: (node) => add(node.exprName),
    TSInterfaceHeritage: (node) => add(node.expression),
    TSClassImplements: (node) => add(node.expression),
    ClassDeclaration: (node) => void (node.superClass !== null && add(node.superClass)),
  });
  for (const declaration of declarations) visitor.visit({ type: "Program", body: [declaration] } as unknown as Program);
  return [...names];
}
