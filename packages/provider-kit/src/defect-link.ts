const block = /<!-- backref:(br-[0-9a-z]+) -->\n?([\s\S]*?)\n?<!-- \/backref:\1 -->/;
const link = /\[((?:[^\\\]]|\\.)*)\]\(<?(https?:\/\/[^\s>)]+)>?\)/;

/** Where the marked block of an outgoing body leads: the defect's name and address. Null where it leads nowhere. */
export function defectLinkIn(body: string): { readonly name: string; readonly url: string } | null {
  const [, name = "", url] = link.exec(block.exec(body)?.[2] ?? "") ?? [];
  return url === undefined ? null : { name: name.replace(/\\(.)/g, "$1"), url };
}
