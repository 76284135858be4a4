import type { Nodes } from "mdast";
import type { definitionsOf } from "./markdown.ts";
import { type Run, type RunMark, settle } from "./runs.ts";

/** What inline nodes are read with. */
export interface InlineReading {
  readonly definitions: ReturnType<typeof definitionsOf>;
  /** The document, for what is kept as it was written. */
  readonly source: string;
}

interface Marking {
  readonly marks: ReadonlySet<RunMark>;
  readonly link: Run["link"];
}

const tags: Readonly<Record<string, RunMark>> = {
  u: "underline",
  ins: "underline",
  sub: "sub",
  sup: "sup",
  del: "strike",
  s: "strike",
};
const wrappers: Readonly<Record<string, RunMark>> = { strong: "strong", emphasis: "em", delete: "strike" };

/** The text of inline nodes, with what marks it. Tags that have a mark of their own are understood, others stay text. */
export function runsOf(nodes: readonly Nodes[], reading: InlineReading): readonly Run[] {
  return settle(collect(nodes, reading, { marks: new Set(), link: null }));
}

function collect(nodes: readonly Nodes[], reading: InlineReading, outer: Marking): Run[] {
  const open: RunMark[] = [];
  return nodes.flatMap((node, index) => {
    const here: Marking = { ...outer, marks: new Set([...outer.marks, ...open]) };
    if (node.type === "html") return readTag(node.value, nodes.slice(index + 1), open, here);
    return collectOne(node, reading, here);
  });
}

function readTag(value: string, following: readonly Nodes[], open: RunMark[], here: Marking): Run[] {
  if (/^<br *\/?>$/i.test(value)) return [{ ...here, text: "\n" }];
  const [, slash, name = ""] = /^<(\/?)([a-z]+)>$/i.exec(value) ?? [];
  const mark = tags[name.toLowerCase()];
  const isClosing = slash === "/";
  const closes = `</${name}>`;
  const isPaired = following.some((node) => node.type === "html" && node.value.toLowerCase() === closes.toLowerCase());
  if (mark !== undefined && isClosing && open.includes(mark)) {
    open.splice(open.lastIndexOf(mark), 1);
    return [];
  }
  if (mark !== undefined && !isClosing && isPaired) {
    open.push(mark);
    return [];
  }
  return [{ ...here, text: value }];
}

function collectOne(node: Nodes, reading: InlineReading, here: Marking): Run[] {
  const wrapper = wrappers[node.type];
  if (wrapper !== undefined && "children" in node) {
    return collect(node.children, reading, { ...here, marks: new Set([...here.marks, wrapper]) });
  }
  switch (node.type) {
    case "text":
      return [{ ...here, text: node.value }];
    case "inlineCode":
      return [{ ...here, text: node.value, marks: new Set([...here.marks, "code"]) }];
    case "break":
      return [{ ...here, text: "\n" }];
    case "link":
      return collect(node.children, reading, { ...here, link: { href: node.url, title: node.title ?? "" } });
    case "image":
      return imageText(node.alt, { href: node.url, title: node.title ?? "" }, here);
    case "linkReference": {
      const target = reading.definitions.get(node.identifier);
      const link = target === undefined ? here.link : { href: target.url, title: target.title };
      return collect(node.children, reading, { ...here, link });
    }
    case "imageReference": {
      const target = reading.definitions.get(node.identifier);
      return imageText(node.alt, target === undefined ? null : { href: target.url, title: target.title }, here);
    }
    case "footnoteReference":
      return [{ ...here, text: `[^${node.identifier}]` }];
    default:
      return "children" in node ? collect(node.children, reading, here) : [];
  }
}

/** There are no pictures within a line: a link leads to it. */
function imageText(alt: string | null | undefined, link: Run["link"], here: Marking): Run[] {
  return [{ ...here, text: alt || link?.href || "", link: here.link ?? link }];
}
