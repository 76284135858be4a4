import type {
  Class,
  Expression,
  Function as FunctionNode,
  MethodDefinition,
  Node,
  Program,
  VariableDeclaration,
} from "oxc-parser";
import { commentBefore, type SourceModule } from "./modules.ts";

type Statement = Program["body"][number];

/** A declaration as TypeScript would declare it: no body, no initial value that is not a fact of its own. */
export function signatureText(declaration: Statement, name: string, module: SourceModule): string {
  const { text } = module;
  switch (declaration.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return functionText(declaration, text);
    case "ClassDeclaration":
      return classText(declaration, module);
    case "VariableDeclaration":
      return constantText(declaration, name, text);
    default:
      return withoutNotes(text.slice(declaration.start, declaration.end));
  }
}

/** One member of an interface or class; null for what users cannot see. */
export function memberText(member: Node, text: string): string | null {
  const column = member.start - (text.lastIndexOf("\n", member.start) + 1);
  return publicText(member, text)?.replaceAll(`\n${" ".repeat(column)}`, "\n") ?? null;
}

function publicText(member: Node, text: string): string | null {
  switch (member.type) {
    case "StaticBlock":
      return null;
    case "MethodDefinition":
      return isPrivate(member) ? null : methodText(member, text);
    case "PropertyDefinition": {
      if (isPrivate(member)) return null;
      const end = member.typeAnnotation?.end ?? member.value?.end ?? member.end;
      return `${text.slice(member.start, end).replace(/;$/, "")};`;
    }
    default:
      return text.slice(member.start, member.end);
  }
}

function isPrivate({ accessibility, key }: Pick<MethodDefinition, "accessibility" | "key">): boolean {
  return accessibility === "private" || key.type === "PrivateIdentifier";
}

function functionText({ start, end, body }: FunctionNode, text: string): string {
  const signature = text.slice(start, body?.start ?? end).trim();
  return `${signature
    .replace(/^async /, "")
    .replace(/^function\s*\*/, "function")
    .replace(/;$/, "")};`;
}

function methodText({ start, end, value }: MethodDefinition, text: string): string {
  const signature = text.slice(start, value.body?.start ?? end).trim();
  return `${signature.replace(/^(static )?async /, "$1").replace(/;$/, "")};`;
}

function classText({ start, body }: Class, module: SourceModule): string {
  const lines = body.body.flatMap((member) => {
    const signature = memberText(member, module.text);
    return signature === null ? [] : [commented(commentBefore(member.start, module), signature)];
  });
  return blockText(module.text.slice(start, body.start).trim(), lines);
}

/** A member below its comment, as it stands in the source. */
export function commented(comment: string | null, signature: string): string {
  return comment === null
    ? signature
    : `/*${comment.replace(/\n\s*\*/g, "\n *").replace(/\n \*$/, "\n ")}*/\n${signature}`;
}

/** A first line and what stands in its braces. */
export function blockText(head: string, members: readonly string[]): string {
  return `${head} {\n${members.map((member) => `  ${member.replaceAll("\n", "\n  ")}`).join("\n")}\n}`;
}

function constantText({ declarations }: VariableDeclaration, name: string, text: string): string {
  const declarator = declarations.find(({ id }) => id.type === "Identifier" && id.name === name);
  if (declarator === undefined) throw new Error(`No constant ${name}`);
  const { id, init } = declarator;
  const isTyped = "typeAnnotation" in id && id.typeAnnotation !== null;
  const end = init !== null && (!isTyped || isFact(init)) ? init.end : id.end;
  return withoutNotes(`const ${text.slice(id.start, end)};`);
}

/** Values that users may know: everything is written down here. */
function isFact(value: Expression): boolean {
  switch (value.type) {
    case "Literal":
      return true;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return isFact(value.expression);
    case "BinaryExpression":
      return value.left.type !== "PrivateIdentifier" && isFact(value.left) && isFact(value.right);
    case "ArrayExpression":
      return value.elements.every((element) => element !== null && element.type !== "SpreadElement" && isFact(element));
    case "ObjectExpression":
      return value.properties.every((property) => property.type === "Property" && isFact(property.value));
    default:
      return false;
  }
}

/** Notes for those who work on the source. */
function withoutNotes(text: string): string {
  return text.replace(/^\s*\/\/ biome-ignore .*\n/gm, "");
}
