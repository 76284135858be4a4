import { XMLParser, XMLValidator } from "fast-xml-parser";
import { InputError } from "./input-error.ts";

/** An element with its children in the order of the document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly XmlElement[];
  /** Its own text, CDATA included. */
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Numeric references such as &#10; count as HTML's.
  htmlEntities: true,
});

/** @throws InputError that says where the text stops being XML */
export function parseXml(text: string): XmlElement {
  const document = text.replace(/^\uFEFF/, "");
  const verdict = XMLValidator.validate(document);
  if (verdict !== true) {
    const { line, msg } = verdict.err;
    throw new InputError(`It is not well-formed XML. ${msg}${line === undefined ? "" : ` (line ${line})`}`);
  }
  const root = elementsIn(parse(document))[0];
  if (root === undefined) throw new InputError("It has no root element.");
  return root;
}

function parse(document: string): unknown {
  try {
    return parser.parse(document);
  } catch (error) {
    throw new InputError(`It cannot be read as XML. ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The parser gives every node as `{ [name]: children, ":@": attributes }`, and text as `{ "#text": … }`. */
function elementsIn(nodes: unknown): XmlElement[] {
  return recordsIn(nodes).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
    if (name === undefined) return [];
    const children = node[name];
    return [{ name, attributes: attributesIn(node[":@"]), children: elementsIn(children), text: textIn(children) }];
  });
}

function textIn(nodes: unknown): string {
  return recordsIn(nodes)
    .map((node) => ("#text" in node ? withoutControls(String(node["#text"])) : ""))
    .join("");
}

/** Control characters have no business in a title; line ends and tabs stay, and terminal colours are taken out as such. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => ("\n\r\t\u001b".includes(control) ? control : ""));
}

function attributesIn(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, withoutControls(String(text))]));
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}
