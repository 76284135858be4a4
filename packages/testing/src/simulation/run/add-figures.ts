import { type Figures, noFigures } from "../oracle/findings.ts";

const isFigure = (name: string): name is keyof Figures => name in noFigures;
const figureNames = Object.keys(noFigures).filter(isFigure);

/** The sum of two runs, or of many. */
export function addFigures(one: Figures, other: Figures): Figures {
  const sum = { ...one };
  for (const name of figureNames) sum[name] += other[name];
  return sum;
}
