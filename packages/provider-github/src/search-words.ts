/** "You cannot use queries that are longer than 256 characters (not including operators or qualifiers)." */
const longestQuery = 256;

/** What ends a quotation, or might: GitHub documents no way to write it inside one. Control characters and the like, too. */
const unquotable = /["“”„‟«»＂\\\p{C}]/gu;

/**
 * The words of a text, each in quotation marks, so that none of them is an operator, a qualifier or an exclusion. All of
 * them have to be found. What has neither letter nor digit is not in GitHub's index and is left out; so is what is too much.
 */
export function searchWords(text: string): string {
  const words = text
    .replace(unquotable, " ")
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  let query = "";
  for (const word of new Set(words)) {
    const separator = query === "" ? "" : " ";
    const room = longestQuery - query.length - separator.length - '""'.length;
    if (query !== "" && word.length > room) continue;
    query += `${separator}"${word.slice(0, room).toWellFormed().replaceAll("\uFFFD", "")}"`;
  }
  return query;
}
