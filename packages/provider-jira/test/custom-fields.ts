import type { FieldRecord } from "@backref/testing/jira";

const versions = ["Chrome", "Firefox"].map((name, index) => ({ id: String(10_310 + index), name }));
const optional = { required: false, options: [], defaultValue: null } as const;

/** One of each kind. */
export const customFields: readonly FieldRecord[] = [
  { ...optional, id: "customfield_10010", name: "Browser", kind: "option", options: versions },
  { ...optional, id: "customfield_10011", name: "Seen with", kind: "options", options: versions },
  { ...optional, id: "customfield_10012", name: "Found by", kind: "user" },
  { ...optional, id: "customfield_10013", name: "Witnesses", kind: "users" },
  { ...optional, id: "customfield_10014", name: "Steps", kind: "textarea" },
  { ...optional, id: "customfield_10015", name: "Build", kind: "text", defaultValue: "nightly" },
  { ...optional, id: "customfield_10016", name: "Attempts", kind: "number" },
  { ...optional, id: "customfield_10017", name: "First seen", kind: "date" },
  { ...optional, id: "customfield_10018", name: "Last seen", kind: "datetime" },
  { ...optional, id: "customfield_10019", name: "Log", kind: "url" },
  { ...optional, id: "customfield_10020", name: "Sprint", kind: "sprint" },
  { ...optional, id: "customfield_10021", name: "Tags", kind: "labels" },
  {
    ...optional,
    id: "customfield_10022",
    name: "Area",
    kind: "cascade",
    options: [
      { id: "10400", name: "Shop", children: [{ id: "10401", name: "Cart" }] },
      { id: "10410", name: "Site" },
    ],
  },
];
