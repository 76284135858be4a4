import { invalid } from "./failure.ts";

const titleLimit = 256;
const bodyLimit = 65_536;

function isLongerThan(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit;
}

function tooLong(resource: string, field: string, limit: number): Error {
  return invalid({ resource, code: "custom", field, message: `${field} is too long (maximum is ${limit} characters)` });
}

/** Refuses a blank title and one of more than 256 characters. */
export function checkTitle(title: string): void {
  if (title.trim() === "") throw invalid({ resource: "Issue", code: "missing_field", field: "title" });
  if (isLongerThan(title, titleLimit)) throw tooLong("Issue", "title", titleLimit);
}

/** Refuses a text of more than 65,536 characters. */
export function checkBody(resource: "Issue" | "IssueComment", body: string): void {
  if (isLongerThan(body, bodyLimit)) throw tooLong(resource, "body", bodyLimit);
}
