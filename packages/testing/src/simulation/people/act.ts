import { BackrefError } from "@backref/core";
import { type Action, describeAction, type Step } from "../plan/actions.ts";
import type { Hosted } from "../world/hosted.ts";
import { connectSource, type World } from "../world/world.ts";

type Do<Kind extends Action["kind"]> = (
  world: World,
  web: Hosted,
  action: Extract<Action, { readonly kind: Kind }>,
) => Promise<void>;

/** What Backref keeps of its own in a text, from the first to the last mark of one token. */
const managedBlock: RegExp = /<!-- backref:(br-[0-9a-z]{26}) -->[\s\S]*<!-- \/backref:\1 -->/;

const pickAt = <Item>(items: readonly Item[], which: number): Item | undefined =>
  items[Math.floor(which * items.length)];

const start: Do<"start"> = async (world, web, { defect, how, title }) => {
  const id = await world.admin.people.create(title);
  world.defects[defect] = id;
  const [source] = world.sources;
  if (source === undefined) return;
  if (how === "attach") {
    const { people } = source.tracker;
    const issue = people.createIssue(`${title} found`, `Seen by Lena: ${title}`);
    const state = source.tracker.issue(issue);
    if (state === null) return;
    const text = source.tracker.issueText?.(state) ?? `${state.container}#${state.item}`;
    await web.links.attach(id, { sourceId: source.id, issue: text, waitMs: 0 });
    return;
  }
  for (const one of world.sources) await web.links.push(id, { sourceId: one.id, waitMs: 0 });
};

const localField: Do<"local-field"> = async (world, web, { defect, field, value }) => {
  const id = world.defects[defect];
  if (id !== null && id !== undefined) await web.people.edit(id, field, value);
};

const localComment: Do<"local-comment"> = async (world, web, { defect, what, which, text }) => {
  const id = world.defects[defect];
  if (id === null || id === undefined) return;
  if (what === "add" || what === "add-internal") {
    return web.people.addComment(id, text, what === "add" ? "public" : "internal");
  }
  const own = (await web.people.comments(id)).filter((comment) => comment.origin === "host");
  const chosen = pickAt(own, which);
  if (chosen !== undefined) await web.people.changeComment(id, chosen.id, what === "edit" ? text : null);
};

const remoteField: Do<"remote-field"> = async (world, _web, { defect, source, field, value, more }) => {
  const issue = world.issueOf(defect, source);
  const tracker = world.sources[source]?.tracker;
  if (issue === null || tracker === undefined) return;
  const { people } = tracker;
  if (field === "title") people.setTitle(issue, value);
  if (field === "description") {
    people.setBody(issue, (body) => {
      const block = managedBlock.exec(body)?.[0] ?? "";
      if (more === "instead") return `${value}\n\n${block}`;
      return more === "before" ? `${value}\n\n${body}` : `${body}\n\n${value}`;
    });
  }
  if (field === "status") people.setStatus(issue, value === "closed" ? "closed" : "open", more);
  if (field === "assignee") people.setAssignee(issue, value);
  if (field !== "priority") return;
  const had =
    tracker
      .issue(issue)
      ?.fields.priority.split("|")
      .filter((label) => label !== "") ?? [];
  const isBeside = more === "beside" && tracker.capabilities.priority === "labels" && had.length === 1;
  const wanted = value === "" ? [] : [value];
  people.setPriority(issue, isBeside ? [...new Set([...had, ...wanted])] : wanted);
};

const remoteComment: Do<"remote-comment"> = async (world, _web, { defect, source, what, which, text }) => {
  const issue = world.issueOf(defect, source);
  const tracker = world.sources[source]?.tracker;
  if (issue === null || tracker === undefined) return;
  if (what === "add" || what === "add-internal") {
    return tracker.people.comment(issue, text, what === "add" ? "public" : "internal");
  }
  const chosen = pickAt(tracker.issue(issue)?.comments ?? [], which);
  if (chosen === undefined) return;
  const block = managedBlock.exec(chosen.body)?.[0];
  // What is deleted before its link knows it cannot be told from what was never posted.
  if (what === "delete" && block !== undefined && !(await world.isKnownComment(chosen.body))) return;
  if (what === "delete") tracker.people.deleteComment(issue, chosen.id);
  else tracker.people.editComment(issue, chosen.id, block === undefined ? text : `${block}\n\n${text}`);
};

const remoteOther: Do<"remote-other"> = async (world, _web, { defect, source, what, text }) => {
  const issue = world.issueOf(defect, source);
  const people = world.sources[source]?.tracker.people;
  if (issue === null || people === undefined) return;
  if (what === "label") {
    people.addLabel(issue, text);
    world.foreignLabels.set(issue, [...(world.foreignLabels.get(issue) ?? []), text]);
  }
  if (what === "assign") people.assign(issue, "lena");
  if (what === "copy") people.copyIssue(issue);
  // Before the link knows its issue, the marker is all there is to find it by.
  if (what === "strip-block" && (await world.isKnown(issue))) {
    people.setBody(issue, (body) => body.replace(managedBlock, "").trim());
  }
};

const remoteEnd: Do<"remote-end"> = async (world, _web, { defect, source, what }) => {
  const issue = world.issueOf(defect, source);
  const people = world.sources[source]?.tracker.people;
  // What is deleted or moved before its link knows it cannot be told from what was never made.
  if (issue === null || people === undefined || !(await world.isKnown(issue))) return;
  if (what === "delete") people.deleteIssue(issue);
  else people.moveIssue(issue);
};

const link: Do<"link"> = async (world, web, { defect, source, what }) => {
  const id = world.defects[defect];
  const from = world.sources[source];
  if (id === null || id === undefined || from === undefined) return;
  const push = { sourceId: from.id, waitMs: 2_000 };
  if (what === "push") return void (await web.links.push(id, push));
  if (what === "push-new") return void (await web.links.push(id, { ...push, afterDetach: "new" }));
  if (what === "reattach") return void (await web.links.push(id, { ...push, afterDetach: "reattach" }));
  if (what === "attach-same") {
    const issue = world.issueOf(defect === 0 ? 1 : 0, source);
    const state = issue === null ? null : from.tracker.issue(issue);
    // Whoever takes an issue before its own link has found it takes it away for good.
    if (state === null || !(await world.isKnown(state.key))) return;
    return void (await web.links.attach(id, {
      sourceId: from.id,
      issue: from.tracker.issueText?.(state) ?? `${state.container}#${state.item}`,
      waitMs: 0,
    }));
  }
  const living = (await web.links.links(id)).findLast((one) => one.sourceId === from.id && one.status !== "detached");
  if (living !== undefined) await web.links[what](living.id);
};

/** Admins do things in order and to the end: a step that undoes another must not overtake it. */
const admin: Do<"admin"> = async (world, _web, { source: index, what }) => {
  const web = world.admin;
  const source = world.sources[index];
  if (source === undefined) return;
  const { tracker } = source;
  if (what === "disable" || what === "enable") await web.sources.update(source.id, { enabled: what === "enable" });
  if (what === "lose-container" || what === "find-container") tracker.loseContainer(what === "lose-container");
  if (what === "revoke") tracker.accept(null);
  if (what === "renew") {
    source.generation += 1;
    tracker.accept(source.generation);
    await world.admin.sources.update(source.id, { auth: world.credential(tracker, source.generation) });
  }
  if (what === "edit-mapping") {
    const { mapping } = await web.sources.get(source.id);
    const conflict = mapping.fields?.title?.conflict === "remote" ? "local" : "remote";
    await web.sources.update(source.id, {
      mapping: { ...mapping, fields: { ...mapping.fields, title: { conflict } } },
    });
  }
  if (what === "disconnect") {
    await world.admin.sources.delete(source.id, { detach: true });
    const made = await connectSource(world, tracker);
    source.id = made.id;
    source.endpoint = made.endpoint;
    source.generation = made.generation;
  }
};

async function perform(world: World, web: Hosted, action: Action): Promise<void> {
  switch (action.kind) {
    case "start":
      return start(world, web, action);
    case "local-field":
      return localField(world, web, action);
    case "local-comment":
      return localComment(world, web, action);
    case "remote-field":
      return remoteField(world, web, action);
    case "remote-comment":
      return remoteComment(world, web, action);
    case "remote-other":
      return remoteOther(world, web, action);
    case "remote-end":
      return remoteEnd(world, web, action);
    case "link":
      return link(world, web, action);
    case "admin":
      return admin(world, web, action);
  }
}

/** Somebody does one thing. What the host refuses is refused; what its process does not live to do is not done. */
export function act(world: World, step: Step): void {
  const web = world.web();
  if (web === null) {
    world.loop.after(1_000, () => act(world, step));
    return;
  }
  world.trace(`#${step.number} ${describeAction(step.action)}`);
  void perform(world, web, step.action).catch((error: unknown) => {
    if (BackrefError.isInstance(error)) world.trace(`#${step.number} was refused: ${error.code}`);
    else world.findings.add(`#${step.number} ${step.action.kind} ended with ${String(error)}`);
  });
}
