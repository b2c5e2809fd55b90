/** A line chart as SVG text, for papers, slides and the report. Takes no part in the window, which draws its own. */
import { extent, roundTicks, thin, tickText } from "./scale";

export interface ChartLine {
  label: string;
  /** `#rrggbb`. */
  color: string;
  /** SVG's stroke-dasharray; null draws through. */
  dash: string | null;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Behind the others and pale, without a place in the legend: the raw curve under a smoothed one. */
  faint?: boolean;
}

/** A pale area between two curves: the spread over seeds. */
export interface ChartBand {
  color: string;
  x: ArrayLike<number>;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
}

export interface LineChart {
  width: number;
  height: number;
  title: string;
  xLabel: string;
  /** Writes the ticks of x; plain numbers otherwise. */
  xText?: (value: number) => string;
  lines: ChartLine[];
  bands?: ChartBand[];
  /** Level lines with a name: the equilibrium. */
  levels?: { y: number; label: string }[];
}

interface Frame {
  left: number;
  top: number;
  right: number;
  bottom: number;
  x(value: number): number;
  y(value: number): number;
  xTicks: number[];
  yTicks: number[];
}

const rowHeight = 18;
const font = 'font-family="system-ui, Helvetica, Arial, sans-serif"';

/** Every text is escaped; the result is one `<svg>` element without scripts or outside references. */
export function lineChart(chart: LineChart): string {
  const legend = legendRows(chart);
  const frame = makeFrame(chart, legend.length);
  const { width, height } = chart;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ${font} font-size="12">`,
    `<title>${escapeXml(chart.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${frame.left}" y="22" font-size="14" font-weight="600" fill="#1a1a1a">${escapeXml(chart.title)}</text>`,
    ...axes(chart, frame),
    `<clipPath id="plot"><rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none" stroke-width="1.5" stroke-linejoin="round">`,
    ...(chart.bands ?? []).map((band) => bandPath(band, frame)),
    ...chart.lines
      .filter((line) => line.faint)
      .map((line) => linePath(line, frame)),
    ...chart.lines
      .filter((line) => !line.faint)
      .map((line) => linePath(line, frame)),
    `</g>`,
    ...(chart.levels ?? []).map((level) => levelLine(level, frame)),
    ...drawLegend(legend, chart, frame),
    `</svg>`,
  ].join("\n");
}

/** For element content and attribute values of XML and HTML alike. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
      .replace(/'/g, "&#39;")
      // eslint-disable-next-line no-control-regex -- XML 1.0 forbids these characters however they are written.
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
  );
}

function makeFrame(chart: LineChart, legendLines: number): Frame {
  const [x0, x1] = extent(chart.lines.map((line) => line.x));
  const [y0, y1] = padded(
    extent([
      ...chart.lines.filter((line) => !line.faint).map((line) => line.y),
      ...(chart.bands ?? []).flatMap((band) => [band.low, band.high]),
      (chart.levels ?? []).map((level) => level.y),
    ]),
  );
  const left = 60;
  const top = 36;
  const right = chart.width - 16;
  const bottom = chart.height - 46 - legendLines * rowHeight;
  return {
    left,
    top,
    right,
    bottom,
    x: (value) => left + ((value - x0) / (x1 - x0 || 1)) * (right - left),
    y: (value) => bottom - ((value - y0) / (y1 - y0)) * (bottom - top),
    xTicks: roundTicks(x0, x1, Math.max(2, Math.floor((right - left) / 110))),
    yTicks: roundTicks(y0, y1, Math.max(2, Math.floor((bottom - top) / 55))),
  };
}

function padded([low, high]: [number, number]): [number, number] {
  const air = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return [low - air, high + air];
}

function axes(chart: LineChart, frame: Frame): string[] {
  const { left, right, top, bottom, xTicks, yTicks } = frame;
  const xStep = xTicks[1] - xTicks[0] || 1;
  const yStep = yTicks[1] - yTicks[0] || 1;
  const xText = chart.xText ?? ((value: number) => tickText(value, xStep));
  return [
    ...yTicks.flatMap((tick) => {
      const y = place(frame.y(tick));
      return [
        `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="#e4e4e4"/>`,
        `<text x="${left - 8}" y="${y}" dy="4" text-anchor="end" fill="#555555">${escapeXml(tickText(tick, yStep))}</text>`,
      ];
    }),
    ...xTicks.flatMap((tick) => {
      const x = place(frame.x(tick));
      return [
        `<line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 5}" stroke="#888888"/>`,
        `<text x="${x}" y="${bottom + 19}" text-anchor="middle" fill="#555555">${escapeXml(xText(tick))}</text>`,
      ];
    }),
    `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="#888888"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 36}" text-anchor="middle" fill="#555555">${escapeXml(chart.xLabel)}</text>`,
    `<line x1="${left}" x2="${left}" y1="${top}" y2="${bottom}" stroke="#888888"/>`,
  ];
}

/** The curve is broken where a figure is not finite, and the place is marked on the axis below. */
function linePath(line: ChartLine, frame: Frame): string {
  let path = "";
  let marks = "";
  let pen = "M";
  for (const index of thin(
    line.x,
    line.y,
    Math.ceil(frame.right - frame.left),
  )) {
    const x = place(frame.x(line.x[index]));
    if (Number.isFinite(line.y[index])) {
      path += `${pen}${x} ${place(frame.y(line.y[index]))}`;
      pen = "L";
    } else {
      marks += `M${x} ${frame.bottom}l-4 -7h8z`;
      pen = "M";
    }
  }
  const dash = line.dash ? ` stroke-dasharray="${escapeXml(line.dash)}"` : "";
  const faint = line.faint ? ' stroke-opacity="0.22" stroke-width="1"' : "";
  const color = escapeXml(line.color);
  return (
    `<path d="${path}" stroke="${color}"${dash}${faint}/>` +
    (marks && !line.faint ? `<path d="${marks}" fill="${color}"/>` : "")
  );
}

function bandPath(band: ChartBand, frame: Frame): string {
  const kept = thin(
    band.x,
    band.high,
    Math.ceil(frame.right - frame.left),
  ).filter(
    (i) => Number.isFinite(band.low[i]) && Number.isFinite(band.high[i]),
  );
  const point = (i: number, y: ArrayLike<number>) =>
    `${place(frame.x(band.x[i]))} ${place(frame.y(y[i]))}`;
  const over = kept.map((i) => point(i, band.high));
  const under = kept.map((i) => point(i, band.low)).reverse();
  if (over.length === 0) return "";
  return `<path d="M${[...over, ...under].join("L")}Z" fill="${escapeXml(band.color)}" fill-opacity="0.18"/>`;
}

function levelLine(level: { y: number; label: string }, frame: Frame): string {
  const y = place(frame.y(level.y));
  return (
    `<line x1="${frame.left}" x2="${frame.right}" y1="${y}" y2="${y}" stroke="#777777" stroke-dasharray="2 4"/>` +
    `<text x="${frame.right - 4}" y="${y - 5}" text-anchor="end" fill="#777777">${escapeXml(level.label)}</text>`
  );
}

/** The named lines, packed into rows as wide as the chart. */
function legendRows(chart: LineChart): ChartLine[][] {
  const rows: ChartLine[][] = [];
  let room = 0;
  for (const line of chart.lines.filter((one) => !one.faint)) {
    const width = legendWidth(line);
    if (width > room) {
      rows.push([]);
      room = chart.width - 76;
    }
    rows[rows.length - 1].push(line);
    room -= width;
  }
  return rows;
}

/** Without fonts to measure: 7 pixels a letter is enough for a 12-pixel sans serif. */
function legendWidth(line: ChartLine): number {
  return 34 + 7 * line.label.length + 16;
}

function drawLegend(
  rows: ChartLine[][],
  chart: LineChart,
  frame: Frame,
): string[] {
  return rows.flatMap((row, index) => {
    const y = chart.height - 8 - (rows.length - 1 - index) * rowHeight;
    let x = frame.left;
    return row.map((line) => {
      const dash = line.dash
        ? ` stroke-dasharray="${escapeXml(line.dash)}"`
        : "";
      const drawn =
        `<line x1="${x}" x2="${x + 26}" y1="${y - 4}" y2="${y - 4}" stroke="${escapeXml(line.color)}" stroke-width="2"${dash}/>` +
        `<text x="${x + 32}" y="${y}" fill="#1a1a1a">${escapeXml(line.label)}</text>`;
      x += legendWidth(line);
      return drawn;
    });
  });
}

/** A tenth of a pixel is enough. */
function place(value: number): number {
  return Math.round(value * 10) / 10;
}
