import type { IssueFormFieldType } from "@backref/core/provider";
import type { FieldSchema } from "./issue-fields.ts";

/** Custom fields whose type says too little. */
const ofCustom: Readonly<Record<string, IssueFormFieldType>> = {
  "com.atlassian.jira.plugin.system.customfieldtypes:textarea": "rich-text",
  "com.atlassian.jira.plugin.system.customfieldtypes:url": "url",
  "com.pyxis.greenhopper.jira:gh-epic-link": "text",
  // Data Center says that sprints are texts, and takes the number of one.
  "com.pyxis.greenhopper.jira:gh-sprint": "other",
};

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/ */
const ofType: Readonly<Record<string, IssueFormFieldType>> = {
  string: "text",
  number: "number",
  date: "date",
  datetime: "date-time",
  option: "option",
  "option-with-child": "cascade",
  priority: "option",
  resolution: "option",
  securitylevel: "option",
  version: "option",
  component: "option",
  project: "option",
  user: "person",
  group: "text",
  issuelink: "text",
};

const ofItems: Readonly<Record<string, IssueFormFieldType>> = {
  string: "texts",
  group: "texts",
  option: "options",
  version: "options",
  component: "options",
  user: "people",
};

/** What values of a field are. What is not known here is `other`: shown, and taken as it stands. */
export function typeOf(id: string, { type, items, custom }: FieldSchema): IssueFormFieldType {
  if (id === "environment") return "rich-text";
  return ofCustom[custom ?? ""] ?? (type === "array" ? ofItems[items ?? ""] : ofType[type]) ?? "other";
}
