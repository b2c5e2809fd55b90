/** A chart on white with its title and legend, as SVG text for papers and slides. */
import { axisTitles } from "../../shared/curves/axis";
import type { ChartContent, ChartLine } from "../../shared/curves/chart";
import { drawn, svgText } from "../../shared/curves/drawing";
import type { Drawn } from "../../shared/curves/drawing";
import { drawPlot, lineKey } from "../../shared/curves/plot";

export interface Paper {
  title: string;
  width: number;
  height: number;
}

const rowHeight = 18;
const left = 60;
const colors = {
  text: "#555555",
  grid: "#e4e4e4",
  axis: "#888888",
  level: "#777777",
};

/** Every text is escaped; the result is one `<svg>` element without scripts or outside references. */
export function lineChart(content: ChartContent, paper: Paper): string {
  const { title, width, height } = paper;
  const legend = legendRows(content.lines, width);
  const area = {
    left,
    top: 36,
    right: width - 16,
    bottom: height - 46 - legend.length * rowHeight,
  };
  const xLabel = {
    x: (area.left + area.right) / 2,
    y: area.bottom + 36,
    "text-anchor": "middle",
    fill: colors.text,
  };
  return svgText(
    drawn(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        ...{ width, height, viewBox: `0 0 ${width} ${height}`, role: "img" },
        "font-family": "system-ui, Helvetica, Arial, sans-serif",
        "font-size": 12,
      },
      drawn("title", {}, title),
      drawn("rect", { width, height, fill: "#ffffff" }),
      drawn(
        "text",
        {
          x: left,
          y: 22,
          "font-size": 14,
          "font-weight": 600,
          fill: "#1a1a1a",
        },
        clipped(title, width - left - 16),
      ),
      ...drawPlot(content, area, colors).parts,
      drawn(
        "text",
        xLabel,
        content.xNote
          ? `${axisTitles[content.unit]} (${content.xNote})`
          : axisTitles[content.unit],
      ),
      ...drawLegend(legend, height),
    ),
  );
}

/** Lines packed into rows as wide as the chart. */
function legendRows(lines: readonly ChartLine[], width: number): ChartLine[][] {
  const rows: ChartLine[][] = [];
  let room = 0;
  for (const line of lines) {
    const wanted = legendWidth(line);
    if (wanted > room) {
      rows.push([]);
      room = width - 76;
    }
    rows[rows.length - 1].push(line);
    room -= wanted;
  }
  return rows;
}

/** Without fonts to measure: 7 pixels a letter is enough for a 12-pixel sans serif. */
function legendWidth(line: ChartLine): number {
  return 34 + 7 * line.label.length + 16;
}

/** In a bold sans serif of 14 pixels; the whole stands in the `<title>`. */
function clipped(title: string, width: number): string {
  const most = Math.max(1, Math.floor(width / 8));
  return title.length > most ? `${title.slice(0, most - 1)}…` : title;
}

function drawLegend(rows: readonly ChartLine[][], height: number): Drawn[] {
  return rows.flatMap((row, index) => {
    const y = height - 8 - (rows.length - 1 - index) * rowHeight;
    let x = left;
    return row.flatMap((line) => {
      const key = lineKey(line, x, y - 4, 26);
      const label = { x: x + 32, y, fill: "#1a1a1a" };
      x += legendWidth(line);
      return [key, drawn("text", label, line.label)];
    });
  });
}
