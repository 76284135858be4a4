import { describe, expect, test } from "vitest";
import { loadRichText } from "../../src/text.ts";
import { project, setUp } from "../support.ts";

describe("HTML", () => {
  test("with scripts, events and addresses that do something comes in harmless", async () => {
    const { fake, read } = await setUp("server");
    const html = [
      "<div onclick=\"steal()\">Text <b>bold</b><script>alert('in')</script></div>",
      '<style>p{background:url(javascript:1)}</style><p style="color:red">red</p>',
      '<a href="javascript:alert(1)">press</a> <a href="https://good.example/x">good</a>',
      '<img src="x" onerror="alert(1)"><iframe src="https://evil.example"></iframe>',
      '<svg><script>alert(2)</script></svg><a href="data:text/html,x">data</a><!-- hidden -->',
      "<math><mtext></mtext><mglyph><style><img src onerror=alert(3)></style></mglyph></math>",
    ].join("\n");
    const { id } = fake.as("Ann").createIssue(project, { title: "x", description: html });
    const { body } = await read(id);
    expect(body).not.toMatch(/script|javascript:|onerror|onclick|iframe|steal|alert|hidden|data:text/i);
    expect(body).toMatch(/Text \*\*bold\*\*/);
    expect(body).toMatch(/\[good\]\(https:\/\/good\.example\/x\)/);
    expect(body).toMatch(/press/);
  });

  test("of Markdown with scripts in it goes out harmless, as the text that it is", async () => {
    const { write } = await loadRichText();
    const html = write("<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick=a()>", "html", null);
    expect(html).not.toMatch(/<script|<b|href/);
    expect(html).toMatch(/&#x3C;script>alert\(1\)/);
  });

  test("keeps every part that reads as before, to the byte, where another is changed", async () => {
    const { fake, read, update, sent } = await setUp("server");
    const person = '<a href="#" data-vss-mention="version:2.0,5b10">@Ann</a>';
    const first = `<div style="color:#f00">Ask ${person} about <span style="background:yellow">this</span></div>`;
    const picture = '<p><img src="https://azure.example.com/tfs/_apis/wit/attachments/1" width=300></p>';
    const html = `<div>${first}<ul><li>one</li></ul>${picture}<div>Last.</div></div>`;
    const { id } = fake.as("Ann").createIssue(project, { title: "x", description: html });
    const issue = await read(id);
    const mark = fake.mark();
    const { issue: answer } = await update(issue, { body: issue.body.replace("Last.", "Changed *here*.") });
    expect(sent(mark)).toEqual(["GET 200", "PATCH 200"]);
    expect(answer.body).toBe(issue.body.replace("Last.", "Changed *here*."));
    const after = fake.issue(id)?.reproSteps ?? "";
    for (const part of [first, "<ul><li>one</li></ul>", picture]) expect(after).toContain(part);
    expect(after).toContain("<p>Changed <em>here</em>.</p>");
    // What was written here is known to lose nothing: no look goes before its next change.
    const own = await read(id);
    await update(own, { body: "Plain **again**." });
    const plain = await read(id);
    const again = fake.mark();
    await update(plain, { body: "And *again*." });
    expect(sent(again)).toEqual(["PATCH 200"]);
  });

  test("is not sent with a change of something else", async () => {
    const { fake, read, update } = await setUp("server");
    const html = '<div style="color:red">Red</div>';
    const { id } = fake.as("Ann").createIssue(project, { title: "x", description: html });
    await update(await read(id), { title: "y", priority: "1" });
    expect(fake.issue(id)).toMatchObject({ title: "y", reproSteps: html });
  });

  test("on Services stays HTML where it is that, and new texts are Markdown", async () => {
    const { fake, read, update } = await setUp();
    const ann = fake.as("Ann");
    const old = ann.createIssue(project, { title: "x", description: "<div>Old <b>text</b></div>", format: "html" }).id;
    const fresh = ann.createIssue(project, { title: "y" }).id;
    expect((await read(old)).body).toBe("Old **text**");
    await update(await read(old), { body: "New **text**" });
    await update(await read(fresh), { body: "New **text** <b>" });
    expect(fake.issue(old)).toMatchObject({ reproSteps: "<p>New <strong>text</strong></p>", markdown: [] });
    expect(fake.issue(fresh)).toMatchObject({
      reproSteps: "New **text** <b>",
      markdown: ["Microsoft.VSTS.TCM.ReproSteps"],
    });
  });

  test("comments of core's own part survive, and stand in the lines around it", async () => {
    const { read, write, isOwnForm } = await loadRichText();
    const block =
      "<!-- backref:br-01j0 -->\n---\n\nLinked defect: [D-1](https://tests.example.com/1)\n<!-- /backref:br-01j0 -->";
    const html = write(`Text\n\n${block}`, "html", null);
    expect(read(html, "html")).toBe(`Text\n\n${block}`);
    expect(isOwnForm(html)).toBe(true);
    expect(isOwnForm("<div>x</div>")).toBe(false);
  });
});
