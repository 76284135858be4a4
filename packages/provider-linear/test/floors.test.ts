import type { IssueAddress } from "@backref/core/provider";
import { expect, test } from "vitest";
import { createDirect } from "./direct.ts";

test("10,000 issues are read with 40 requests, none of them over what Linear allows for one", async () => {
  const { linear, provider, call, lena } = createDirect();
  const addresses: IssueAddress[] = [];
  for (let number = 1; number <= 10_000; number += 1) {
    lena.createIssue("ENG", { title: `Issue ${number}` });
    addresses.push({ remoteId: null, container: "ENG", item: String(number), raw: null });
  }
  const batch = provider.capabilities.readBatchSize ?? 1;
  const mark = linear.mark();
  let live = 0;
  for (let start = 0; start < addresses.length; start += batch) {
    const outcomes = await provider.read?.issues(call, { issues: addresses.slice(start, start + batch) });
    live += outcomes?.filter(({ kind }) => kind === "live").length ?? 0;
  }
  expect([live, linear.requestsSince(mark).length]).toEqual([10_000, 40]);
  expect(linear.requestsSince(mark).every(({ status }) => status === 200)).toBe(true);
}, 60_000);
