type Bump = "major" | "minor" | "patch";

/** A change that no release has yet, as `@changesets/read` reads it. */
export interface Change {
  readonly summary: string;
  readonly releases: readonly { readonly name: string; readonly type: Bump | "none" }[];
}

/** Before 1.0 a minor version may break, so a change says itself whether it does. */
const headings = { major: "Breaking", minor: "New and changed", patch: "Mended" } as const;

/** What one version brings, as Markdown: the changes by weight, each with the packages it names. */
export function changelogSection(version: string, changes: readonly Change[]): string {
  const parts = (Object.keys(headings) as Bump[]).flatMap((bump) => {
    const items = changes.filter((change) => weightOf(change) === bump).map(itemOf);
    return items.length === 0 ? [] : [`### ${headings[bump]}\n\n${items.join("\n")}`];
  });
  return [`## ${version}`, ...parts].join("\n\n");
}

/** The changelog with a section above those it has. */
export function withSection(changelog: string, section: string): string {
  const newest = changelog.search(/^## /m);
  if (newest === -1) return `${changelog.trimEnd()}\n\n${section}\n`;
  return `${changelog.slice(0, newest)}${section}\n\n${changelog.slice(newest)}`;
}

function weightOf({ releases }: Change): Bump | undefined {
  return (Object.keys(headings) as Bump[]).find((bump) => releases.some(({ type }) => type === bump));
}

function itemOf({ summary, releases }: Change): string {
  const names = releases.map(({ name }) => `\`${name}\``).join(", ");
  return `- ${summary.trim().replace(/\n/g, "\n  ")} (${names})`;
}
