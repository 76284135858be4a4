import { expect, test } from "vitest";
import { defectLinkIn } from "../src/index.ts";

const block = (inner: string) => `Steps\n\n<!-- backref:br-1 -->\n---\n${inner}\n<!-- /backref:br-1 -->`;

test.each([
  [block("Linked defect: [D-1](<https://e.example/1>)"), { name: "D-1", url: "https://e.example/1" }],
  [block("Linked defect: [a\\]\\*b](<https://e.example/1>)"), { name: "a]*b", url: "https://e.example/1" }],
  [block("Linked defect: D-1"), null],
  ["See [D-2](https://e.example/2)", null],
  [block("Linked defect: [D-1](<javascript:alert>)"), null],
])("%j leads to %j", (body, found) => expect(defectLinkIn(body)).toEqual(found));
