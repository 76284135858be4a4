import type { Declaration } from "./declarations.ts";

/** A heading of a page, and the folders and files whose declarations stand below it. */
interface Group {
  readonly title: string;
  readonly paths: RegExp;
}

/** By what one wants to do. Entry points that are not listed have one list. */
const GROUPS: Readonly<Record<string, readonly Group[]>> = {
  "@backref/core": [
    {
      title: "Set up",
      paths: /^(create-backref|backref-types|security\/key-ring|runtime\/(credentials|limits|runtime))\./,
    },
    {
      title: "Actors and permissions",
      paths: /^(domain\/actor|security\/(actions|policy)|services\/method-actions)\./,
    },
    {
      title: "Sources and trackers",
      paths:
        /^(services\/(sources|source-input|source-preview|providers)-types|domain\/source-features|storage\/rows\/source-rows)\./,
    },
    { title: "Vocabulary and mapping", paths: /^(mapping\/|domain\/(fields|mapping|vocabulary)\.)/ },
    { title: "References", paths: /^(services\/(references|relations)-types|domain\/(relations|test-object))\./ },
    { title: "Issues", paths: /^(issues\/|services\/(issues|issue-search)-types\.)/ },
    {
      title: "Defects and pushing",
      paths: /^(services\/(defects|forms)\/|services\/progress\.|engine\/link-status\.|provider\/)/,
    },
    { title: "Comments", paths: /^services\/comments\// },
    { title: "People", paths: /^services\/people-types\./ },
    { title: "Defects in tables of your own", paths: /^defect-store\// },
    { title: "Traceability", paths: /^services\/traceability\// },
    { title: "Activity and events", paths: /^(services\/(activity-types|durable-events)|events\/.*)\./ },
    {
      title: "Sync, webhooks and health",
      paths: /^(engine\/|webhooks\/|services\/health\/|security\/rewrap-secrets\.)/,
    },
    { title: "Errors", paths: /^errors\// },
    { title: "Time, randomness, HTTP, log and telemetry", paths: /^(ports|outgoing)\// },
    { title: "Lists, JSON and storage", paths: /^(domain\/(page|json)|storage\/storage)\./ },
  ],
  "@backref/core/provider": [
    { title: "The provider", paths: /^provider\/(provider|call|form|capabilities)\./ },
    { title: "Groups of methods", paths: /^provider\/groups\// },
    { title: "Issues, comments and people", paths: /^domain\// },
    { title: "Errors", paths: /^errors\// },
  ],
  "@backref/core/storage": [
    { title: "The storage", paths: /^storage\/(storage|overview|reserve)\./ },
    { title: "Commits", paths: /^storage\/commit\./ },
    { title: "Tables", paths: /^storage\/tables\./ },
    { title: "Rows", paths: /^storage\/rows\// },
  ],
  "@backref/testing": [
    { title: "Conformance suites", paths: /^conformance\/(rule|[^/]+\/[^/]+-suite|[^/]+\/context)\./ },
    { title: "What a suite is given", paths: /^conformance\// },
    { title: "Time, randomness, HTTP, secrets and sign-in", paths: /^(time|http|secrets|sign-in)\// },
  ],
};

export interface Chapter {
  /** Null on a page with one list. */
  readonly title: string | null;
  readonly declarations: readonly Declaration[];
}

/** What to call first, then what it takes and gives. */
const KIND_ORDER: Readonly<Record<Declaration["kind"], number>> = {
  function: 0,
  constant: 1,
  class: 2,
  interface: 3,
  type: 3,
};

/** Declarations below their headings, in the order in which a reader meets them. */
export function chaptersOf(specifier: string, declarations: readonly Declaration[]): readonly Chapter[] {
  const sorted = [...declarations].sort(
    (a, b) =>
      KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.position - b.position),
  );
  const groups = GROUPS[specifier];
  if (groups === undefined) return [{ title: null, declarations: sorted }];
  const groupOf = ({ file, name }: Declaration): Group => {
    const path = file.replace(/^packages\/[^/]+\/src\//, "");
    const found = groups.find(({ paths }) => paths.test(path));
    if (found === undefined)
      throw new Error(`${specifier}: add ${file} (${name}) to a group in scripts/api-reference/groups.ts`);
    return found;
  };
  return groups
    .map((group) => ({ title: group.title, declarations: sorted.filter((one) => groupOf(one) === group) }))
    .filter((chapter) => chapter.declarations.length > 0);
}
