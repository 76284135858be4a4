import type { IssueDraft } from "@backref/core/provider";
import { soleContainer } from "./keys.ts";
import type { CompiledSite } from "./site.ts";

/** What a browser, and what stands between it and a tracker, surely takes. */
const longestUrl = 8_000;

/**
 * Fills in the create URL template; what makes the URL too long is cut off, of the description first. Null without a
 * template, and where it names a container and nobody has said which.
 */
export function createUrl(
  { container, title = "", description = "" }: IssueDraft,
  { createUrl: template, key }: CompiledSite,
): string | null {
  if (template === null) return null;
  if (!key.hasContainer && container === soleContainer && template.names.includes("container")) return null;
  const fill = (titleText: string, text: string) => template.fill({ container, title: titleText, description: text });
  const shortTitle = longestBeginning(title, (text) => fill(text, "").length <= longestUrl);
  return fill(
    shortTitle,
    longestBeginning(description, (text) => fill(shortTitle, text).length <= longestUrl),
  );
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
