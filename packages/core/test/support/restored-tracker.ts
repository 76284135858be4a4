import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import type { Limits, Storage } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, poll } from "./github-world.ts";

/** A world with so many defects in step with issues, titled alike. */
export async function createLinks(count: number, limits: Partial<Limits> = {}, storage?: (inner: Storage) => Storage) {
  const time = createVirtualTime();
  const inner = createMemoryStorage({ clock: time.clock });
  const world = await createGitHubWorld({ time, storage: storage?.(inner) ?? inner, limits });
  const source = await addGitHubSource(world);
  const defectIds: string[] = [];
  const linkIds: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const title = `Defect ${number}`;
    world.github.as("lena").createIssue("acme/web", { title });
    const defect = await world.app.defects.create({ projectId: "web", title });
    const link = await world.app.defects.attach(defect.id, { sourceId: source.id, issue: `#${number}` });
    defectIds.push(defect.id);
    linkIds.push(link.id);
    // GitHub's documented limits hold here too.
    if (number % 50 === 0) await poll(world);
  }
  await poll(world, 2);
  /** The tracker as it was before: every issue says something else, and nobody meant it. */
  const restore = (title = (number: number) => `Old ${number}`) => {
    for (let number = 1; number <= count; number += 1) {
      world.github.as("lena").editIssue("acme/web", number, { title: title(number) });
    }
  };
  const titles = async () => {
    const defects = await Promise.all(defectIds.map((id) => world.app.defects.get(id)));
    return defects.map(({ title }) => title);
  };
  const old = async () => (await titles()).filter((title) => title.startsWith("Old")).length;
  const held = async () => (await world.app.sources.get(source.id)).held;
  const statuses = async () => {
    const views = await Promise.all(linkIds.map((id) => world.app.defects.link(id)));
    return views.map(({ status }) => status);
  };
  const told = async (type: string) => {
    const { items } = await world.app.activity.list({ sourceId: source.id, limit: 200 });
    return items.filter((item) => item.type === type);
  };
  const issueTitles = () => world.github.issues("acme/web").map(({ title }) => title);
  return { world, source, defectIds, linkIds, restore, titles, old, held, statuses, told, issueTitles };
}
