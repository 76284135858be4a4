import type { FieldRecord, NamedRecord, ProjectRecord, WorkflowRecord } from "./model.ts";
import { issueTypes, openWorkflow, standardFields, stepwiseWorkflow } from "./scheme.ts";
import type { World } from "./world.ts";

/** A project to set up. */
export interface JiraProjectOptions {
  /** For example `WEB`. */
  readonly key: string;
  /** @default the key */
  readonly name?: string;
  /** `stepwise`: Done is three steps away and its screen asks for a resolution. `open`: from anywhere to anywhere. @default "stepwise" */
  readonly workflow?: "stepwise" | "open" | WorkflowRecord;
  /** False for a team-managed project without the field. @default true */
  readonly hasPriority?: boolean;
  /** Id of the priority that new issues get where none is given; null for none. @default "3" */
  readonly defaultPriority?: string | null;
  /** Names. @default [] */
  readonly components?: readonly string[];
  /** Custom fields of the create screen, ids like `customfield_10010`. @default [] */
  readonly fields?: readonly FieldRecord[];
}

const workflows = { stepwise: stepwiseWorkflow, open: openWorkflow } as const;

export function addProject(world: World, options: string | JiraProjectOptions): ProjectRecord {
  const {
    key,
    name = key,
    workflow = "stepwise",
    hasPriority = true,
    defaultPriority = "3",
    components = [],
    fields = [],
  } = typeof options === "string" ? { key: options } : options;
  if (!/^[A-Z][A-Z0-9_]+$/.test(key)) throw new TypeError(`"${key}" is no project key`);
  if (world.findProject(key) !== undefined) throw new TypeError(`${key} exists already`);
  const standard = standardFields
    .filter(({ id }) => hasPriority || id !== "priority")
    .map((field) => {
      const defaultValue = field.options.find(({ id }) => id === defaultPriority) ?? null;
      return field.id === "priority" ? { ...field, defaultValue } : field;
    });
  const project: ProjectRecord = {
    id: String(world.nextId("project")),
    key,
    name,
    issueTypes,
    workflow: typeof workflow === "string" ? workflows[workflow] : workflow,
    fields: [...standard, ...fields],
    components: components.map((component, index): NamedRecord => ({ id: String(10_200 + index), name: component })),
    lastNumber: 0,
  };
  world.setProject(project);
  return project;
}
