import { expect, test } from "vitest";
import { draft, setUp } from "./support.ts";

test("a name and a password are good at Data Center, and a wrong password is told as a credential that is refused", async () => {
  const { fake, provider, call } = await setUp("data-center");
  const password = fake.createToken({ user: "backref-bot", isPassword: true });
  const auth = { type: "basic", username: "backref-bot", password } as const;
  const { issue } = await provider.create.create(call({ auth }), draft);
  expect(fake.issue(`WEB-${issue.item}`)?.summary).toBe(draft.title);
  await expect(provider.connect.account(call({ auth: { ...auth, password: "another" } }))).rejects.toMatchObject({
    failure: "auth",
  });
});
