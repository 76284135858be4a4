import type { IssueDraft } from "@backref/core/provider";
import type { CompiledSite } from "./site.ts";

/** What a browser, and what stands between it and a tracker, surely takes. */
const longestUrl = 8_000;

/** Fills in the create URL template; a description is cut off where the URL would become too long. Null without a template. */
export function createUrl(
  { container, title = "", description = "" }: IssueDraft,
  { createUrl: template }: CompiledSite,
): string | null {
  if (template === null) return null;
  const fill = (text: string) => template.fill({ container, title, description: text });
  return fill(longestBeginning(description, (text) => fill(text).length <= longestUrl));
}

function longestBeginning(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const characters = [...text.slice(0, longestUrl)];
  let [least, most] = [0, characters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(characters.slice(0, middle).join(""))) least = middle;
    else most = middle - 1;
  }
  return characters.slice(0, least).join("");
}
