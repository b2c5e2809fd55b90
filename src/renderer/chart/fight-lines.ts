/** The fight of D and G as it was measured: what D says of images it knows, of images it never saw and of samples, and how much samples differ. */
import { viewOf } from "../../shared/curves/series";
import type { ChartLine } from "../../shared/curves/chart";
import { measureKinds } from "../../shared/quality";
import type { MeasureName, Quality } from "../../shared/quality";

interface Look {
  name: MeasureName;
  color: string;
  dash?: number[];
  mark?: ChartLine["mark"];
}

const scores: Look[] = [
  { name: "dTrain", color: "var(--discriminator)", mark: "real" },
  { name: "dHeldOut", color: "var(--discriminator)", dash: [5, 4] },
  { name: "dFake", color: "var(--generator)", mark: "fake" },
];
const diversity: Look[] = [{ name: "diversity", color: "var(--generator)" }];

/** Empty where fewer than two steps were measured. `xOf`: a step's place on the x axis. */
export function fightLines(
  measured: readonly Quality[],
  xOf: (step: number) => number,
): { scores: ChartLine[]; diversity: ChartLine[] } {
  const lines = (looks: readonly Look[]) =>
    looks.flatMap((look) => lineOf(measured, xOf, look));
  return { scores: lines(scores), diversity: lines(diversity) };
}

function lineOf(
  measured: readonly Quality[],
  xOf: (step: number) => number,
  { name, ...look }: Look,
): ChartLine[] {
  const points = measured.flatMap(({ step, measures: { [name]: one } }) =>
    "reason" in one ? [] : [{ x: xOf(step), ...one }],
  );
  if (points.length < 2) return [];
  const xs = Float64Array.from(points, ({ x }) => x);
  const of = (key: "value" | "low" | "high") =>
    viewOf(
      xs,
      Float32Array.from(points, (point) => point[key]),
    );
  return [
    {
      ...look,
      key: `quality/${name}`,
      label: measureKinds[name].title,
      view: of("value"),
      band: { lower: of("low"), upper: of("high") },
    },
  ];
}
