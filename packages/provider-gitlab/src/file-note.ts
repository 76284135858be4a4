/** A file as the note that shows it at its issue tells it. */
export interface NotedFile {
  readonly fileName: string;
  readonly sizeBytes: number;
}

const marker = /<!-- backref:file (\S+) (\d{1,15}) -->\s*$/;
/** One or two links and nothing else: GitLab writes them anew where an issue is moved. A note with words is a comment. */
const links = /^(?:!?\[[^\n]*\]\([^()\s]+\)\s*){1,2}$/;
const imageName = /\.(?:png|jpe?g|gif|bmp|webp|svg)$/i;

/**
 * The text of a note that shows an uploaded file. The name is code, so that nobody in it is notified; GitLab changes names
 * in addresses, so the marker has it as it was given.
 * @param url as GitLab's texts have it: `/uploads/SECRET/NAME`
 */
export function fileNote({ fileName, sizeBytes }: NotedFile, url: string): string {
  const shown = `[\`${fileName.replaceAll("`", "'")}\`](${url})`;
  // GitLab leaves letters, digits and `_.-` of a name in its address.
  const image = imageName.test(url) ? `![${url.slice(url.lastIndexOf("/") + 1)}](${url})\n\n` : "";
  return `${image}${shown}\n\n<!-- backref:file ${encodeName(fileName)} ${sizeBytes} -->`;
}

/** The file that a note is there for; null for a comment. */
export function readFileNote(body: string): NotedFile | null {
  const [found, name = "", size = ""] = marker.exec(body) ?? [];
  if (found === undefined || !links.test(body.slice(0, -found.length))) return null;
  const fileName = decodeName(name);
  return fileName === null ? null : { fileName, sizeBytes: Number(size) };
}

/** Without `-`, two of which could end the marker. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll("-", "%2D");
}

function decodeName(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}
