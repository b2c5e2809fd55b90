/**
 * A report: one HTML file that works offline for ever. Its only script and its only style sheet are ours, named by
 * their hashes in the content security policy; what users wrote is data, never markup, and nothing is fetched.
 */
import { createHash } from "node:crypto";
import type { ExportRequest } from "../../../shared/contract/exports";
import { escapeXml } from "../../../shared/curves/drawing";
import { curvesChart } from "../curves";
import { ExportError } from "../job";
import type { ExportJob } from "../job";
import script from "../../../report/index.ts?script";
import style from "../../../report/page.css?raw";
import { lineChart } from "../line-chart";
import { reportData } from "./report-data";

type ReportRequest = Extract<ExportRequest, { format: "html" }>;

/** The whole page. */
export async function reportHtml(
  request: ReportRequest,
  job: ExportJob,
): Promise<string> {
  const data = await reportData(request.runs, request.title, job);
  const still = await stillChart(request.runs, job);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="GAN Workbench">
<title>${escapeXml(data.title)}</title>
<style>${style}</style>
</head>
<body>
<main id="report">
<h1>${escapeXml(data.title)}</h1>
<noscript>
<p>Scripts are switched off, so this report cannot be operated: below are the curves, and the last samples of each run. All metrics are in this file as JSON.</p>
${still}
${data.runs.map(({ record, samples }) => `<figure><img alt="Samples of ${escapeXml(record.name)}" src="${samples.at(-1)?.picture ?? ""}"><figcaption>${escapeXml(record.name)}</figcaption></figure>`).join("\n")}
</noscript>
</main>
<script type="application/json" id="data">${inertJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that cannot end its element, whatever names and notes hold: no `<` is left in it. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}

/** The losses as they are, for readers without scripts; nothing where a run has none. */
async function stillChart(
  runs: readonly string[],
  job: ExportJob,
): Promise<string> {
  try {
    const chart = await curvesChart(
      {
        runs: [...runs],
        tags: null,
        axis: "step",
        smoothing: 0,
        commonScale: false,
        groupSeeds: true,
      },
      { ...job, advance: () => undefined },
    );
    return lineChart(chart, { title: chart.title, width: 960, height: 420 });
  } catch (error) {
    if (error instanceof ExportError) return "";
    throw error;
  }
}
