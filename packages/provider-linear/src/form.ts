import type { FormGroup, IssueFormField, IssueFormValue } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, LinearClient, OpenClient } from "./client.ts";
import { formDocument, moreProjectsDocument } from "./documents.ts";
import { type Operation, unknownTeam } from "./errors.ts";
import { mapState, placedStateShape } from "./states.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation: Operation = { name: "form.fields", isWrite: false };

const projectsShape = z.object({
  nodes: z.array(z.object({ id: z.string(), name: z.string() })),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
});
const teamShape = z.object({
  defaultIssueState: z.object({ id: z.string() }).nullish(),
  issueEstimationType: z.string(),
  cyclesEnabled: z.boolean(),
  states: z.object({ nodes: z.array(placedStateShape) }),
  cycles: z.object({ nodes: z.array(z.object({ id: z.string(), number: z.number(), name: z.string().nullish() })) }),
  projects: projectsShape,
});
const formShape = z.object({ teams: z.object({ nodes: z.array(teamShape) }) });
const moreShape = z.object({ teams: z.object({ nodes: z.array(z.object({ projects: projectsShape })) }) });

type Projects = z.infer<typeof projectsShape>;

/** In words of the team's scale, where its numbers are not the ones that people see. */
const scales: Readonly<Record<string, string>> = { tShirt: "XS is 1, S 2, M 3, L 5 and XL 8." };

/** What Linear takes of a new issue; it requires none of it. Fields that the team does not use are left out. */
export function createFormGroup(open: OpenClient): FormGroup<LinearAuth, LinearOptions> {
  return {
    async fields(call: LinearCall, { container }) {
      const client = open(call);
      const [team] = await client.ask(
        operation,
        formDocument,
        { key: container },
        (data) => parseShape(formShape, data, "data").teams.nodes,
      );
      if (team === undefined) throw unknownTeam(operation, container);
      const projects = await allProjects(client, container, team.projects);
      const cycles = team.cyclesEnabled ? team.cycles.nodes : [];
      const estimate = scales[team.issueEstimationType];
      const base = { required: false, defaultValue: null } as const;
      return [
        stateField(team),
        { ...base, id: "assignee", name: "Assignee", type: "person", allowedValues: null },
        ...choice("project", "Project", projects.map(named)),
        ...choice(
          "cycle",
          "Cycle",
          cycles.map(({ id, number, name }) => ({ id, name: name || `Cycle ${number}` })),
        ),
        { ...base, id: "dueDate", name: "Due date", type: "date", allowedValues: null },
        ...(team.issueEstimationType === "notUsed"
          ? []
          : [
              {
                ...({ ...base, id: "estimate", name: "Estimate", type: "number", allowedValues: null } as const),
                ...{ wholeNumber: true, ...(estimate !== undefined && { description: estimate }) },
              },
            ]),
        {
          ...({ ...base, id: "parent", name: "Parent issue", type: "option", allowedValues: null } as const),
          description: "The identifier of an issue, such as ENG-12.",
        },
      ];
    },
  };
}

const named = ({ id, name }: { readonly id: string; readonly name: string }): IssueFormValue => ({ id, name });

/** Where work has not begun: whatever else the defect's status stands for, the issue is brought to afterwards. */
function stateField(team: z.infer<typeof teamShape>): IssueFormField {
  const states = team.states.nodes.filter((state) => mapState(state).category === "open");
  const allowedValues = states.toSorted((a, b) => a.position - b.position).map(named);
  const initial = team.defaultIssueState?.id ?? null;
  return {
    ...{ id: "state", name: "Status", required: false, type: "option", isFilledByTracker: true },
    allowedValues: allowedValues.length > 0 ? allowedValues : null,
    defaultValue: allowedValues.some(({ id }) => id === initial) ? initial : null,
  };
}

/** A choice of nothing is none. */
function choice(id: string, name: string, allowedValues: readonly IssueFormValue[]): readonly IssueFormField[] {
  if (allowedValues.length === 0) return [];
  return [{ id, name, required: false, type: "option", allowedValues, defaultValue: null }];
}

async function allProjects(client: LinearClient, key: string, first: Projects): Promise<Projects["nodes"]> {
  const found = [...first.nodes];
  for (let page = first; ; ) {
    const after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    if (after == null) return found;
    const [team] = await client.ask(
      operation,
      moreProjectsDocument,
      { key, after },
      (data) => parseShape(moreShape, data, "data").teams.nodes,
    );
    if (team === undefined) return found;
    page = team.projects;
    found.push(...page.nodes);
  }
}
