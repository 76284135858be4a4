import type { Provider } from "@backref/core/provider";
import { belowAddress } from "@backref/provider-kit";

const project = /^[A-Z][A-Z0-9]{0,9}$/;
const key = /^([A-Z][A-Z0-9]{0,9})-([1-9][0-9]{0,8})$/;

/** A project's key in the one way it is written; null for anything else. */
export function parseProject(text: string): string | null {
  const name = text.trim().toUpperCase();
  return project.test(name) ? name : null;
}

/** Reads `WEB-12` and `https://tracker.example/browse/WEB-12`, in any case. Never throws. */
export const parseIssue: Provider["parseIssue"] = (text, { baseUrl }) => {
  const isUrl = /^https?:\/\//i.test(text.trim());
  const path = isUrl ? belowAddress(text.trim(), baseUrl)?.path : `/browse/${text.trim()}`;
  const [, container, item] = key.exec(/^\/browse\/(.+)$/.exec(path ?? "")?.[1]?.toUpperCase() ?? "") ?? [];
  return container === undefined || item === undefined ? null : { container, item };
};

export const formatIssue: Provider["formatIssue"] = ({ container, item }, { baseUrl }) => {
  const displayKey = `${container.toUpperCase()}-${item}`;
  return { canonicalKey: displayKey.toLowerCase(), displayKey, url: `${baseUrl}/browse/${displayKey}` };
};
