/** A piece of a line, as both languages know it. */
export type Inline =
  /** `markdown` stands for itself, in Textile as well. */
  | { readonly kind: "text" | "code" | "markdown"; readonly text: string }
  | { readonly kind: "strong" | "em" | "strike"; readonly children: readonly Inline[] }
  /** `isAngled`: Markdown has the address in angle brackets. */
  | {
      readonly kind: "link";
      readonly href: string;
      readonly isAngled: boolean;
      readonly children: readonly Inline[];
    }
  | { readonly kind: "image"; readonly href: string; readonly alt: string };

/** What begins at a place in a line, and how long it is there; null for nothing. */
export type Recognise = (line: string, at: number) => { readonly piece: Inline; readonly length: number } | null;

/** A line taken apart; what nothing recognises is text. */
export function parseInline(line: string, recognisers: readonly Recognise[]): readonly Inline[] {
  const pieces: Inline[] = [];
  let text = "";
  for (let at = 0; at < line.length; ) {
    const found = firstOf(line, at, recognisers);
    if (found === null) {
      text += line.charAt(at);
      at += 1;
      continue;
    }
    at += found.length;
    if (found.piece.kind === "text") {
      text += found.piece.text;
      continue;
    }
    if (text !== "") pieces.push({ kind: "text", text });
    text = "";
    pieces.push(found.piece);
  }
  return text === "" ? pieces : [...pieces, { kind: "text", text }];
}

function firstOf(line: string, at: number, recognisers: readonly Recognise[]): ReturnType<Recognise> {
  for (const recognise of recognisers) {
    const found = recognise(line, at);
    if (found !== null) return found;
  }
  return null;
}

/** True if the line is text and nothing else, to the letter. */
export function isPlain(line: string, recognisers: readonly Recognise[]): boolean {
  const [only, ...others] = parseInline(line, recognisers);
  return line === "" || (others.length === 0 && only?.kind === "text" && only.text === line);
}

/** A recogniser of a sticky pattern. */
export function pattern(
  expression: RegExp,
  pieceOf: (match: RegExpExecArray, line: string, at: number) => Inline | null,
): Recognise {
  const sticky = new RegExp(expression.source, `${expression.flags.replace("y", "")}y`);
  return (line, at) => {
    sticky.lastIndex = at;
    const match = sticky.exec(line);
    if (match === null || match[0] === "") return null;
    const piece = pieceOf(match, line, at);
    return piece === null ? null : { piece, length: match[0].length };
  };
}

/** Whether a mark can stand here: not in the middle of a word. */
export function stands(line: string, at: number, length: number): boolean {
  const isWord = (character: string) => /[\p{L}\p{N}_]/u.test(character);
  return !isWord(line.charAt(at - 1)) && !isWord(line.charAt(at + length));
}
