/*
 * The script of a report, as it stands in the file: reads the data beside it and draws. Text reaches the page only as
 * text, never as markup.
 */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const runs = data.runs;
  const several = runs.length > 1;
  const svgSpace = "http://www.w3.org/2000/svg";

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function drawn(tag, attributes, text) {
    const made = document.createElementNS(svgSpace, tag);
    for (const [name, value] of Object.entries(attributes))
      made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function section(title, ...children) {
    main.append(
      element(
        "section",
        {},
        element("h2", { textContent: title }),
        ...children,
      ),
    );
  }

  function swatch(color) {
    const made = element("span", { className: "swatch" });
    made.style.background = color;
    return made;
  }

  function table(head, rows) {
    const line = (cells, tag) =>
      element(
        "tr",
        {},
        ...cells.map((cell, index) => {
          const isHead = tag === "th" || index === 0;
          const made = element(isHead ? "th" : "td", {
            scope: isHead ? (tag === "th" ? "col" : "row") : undefined,
          });
          if (cell instanceof Node) made.append(cell);
          else made.textContent = cell;
          return made;
        }),
      );
    return element(
      "div",
      { className: "scroll" },
      element(
        "table",
        {},
        element("thead", {}, line(head, "th")),
        element("tbody", {}, ...rows.map((row) => line(row, "td"))),
      ),
    );
  }

  const main = document.getElementById("report");
  main.querySelector("noscript")?.remove();
  const names = runs.map((run) => run.record.name);
  const heading = (index) =>
    element("span", {}, swatch(runs[index].color), names[index]);
  main.append(
    element("p", {
      className: "faint",
      textContent: `Made by GAN Workbench on ${new Date(data.madeAt).toLocaleString()}. Works offline; everything it shows is inside this file.`,
    }),
  );

  /* ---- Runs ---- */
  function duration(seconds) {
    if (seconds < 120) return `${seconds.toFixed(1)} s`;
    return seconds < 7200
      ? `${(seconds / 60).toFixed(1)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
  }

  const facts = [
    [
      "State",
      ({ record }) => [record.state, record.reason].filter(Boolean).join(": "),
    ],
    [
      "Preset",
      ({ record }) => record.settings?.preset ?? "another program's log",
    ],
    [
      "Data",
      ({ record }) =>
        record.data
          ? `${record.data.title}, ${record.data.count} images`
          : "unknown",
    ],
    [
      "Steps",
      ({ record }) =>
        `${record.progress.step} of ${record.progress.totalSteps}`,
    ],
    ["Training time", ({ record }) => duration(record.progress.seconds)],
    ["Seed", ({ record }) => String(record.settings?.seed ?? "unknown")],
    ["Begun", ({ record }) => new Date(record.createdAt).toLocaleString()],
    ["Tags", ({ record }) => record.tags.join(", ")],
    ["Notes", ({ record }) => record.notes],
  ];
  section(
    several ? "Runs" : "Run",
    table(
      ["", ...runs.map((_, index) => heading(index))],
      facts
        .map(([label, of]) => [label, ...runs.map(of)])
        .filter((row) => row.slice(1).some(Boolean)),
    ),
  );

  /* ---- Curves ---- */
  const figure = (value) => (typeof value === "number" ? value : Number(value));
  const tags = [
    ...new Set(
      runs.flatMap((run) => run.metrics.flatMap((group) => group.tags)),
    ),
  ];
  const losses = tags.filter(
    (tag) => tag === "loss/discriminator" || tag === "loss/generator",
  );
  const view = {
    tags: new Set(losses.length ? losses : tags.slice(0, 2)),
    axis: "step",
    smoothing: 0,
    log: false,
    common: false,
    range: null,
    cursor: null,
  };
  const dashes = ["", "6 4", "2 3", "10 3 2 3"];
  const single = [
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#e69f00",
    "#7f5fc1",
    "#808080",
  ];

  function smooth(values, weight) {
    let average = 0;
    let counted = 0;
    return values.map((value) => {
      if (!Number.isFinite(value)) return value;
      counted++;
      average = weight * average + (1 - weight) * value;
      return average / (1 - weight ** counted);
    });
  }

  function axisOf(group, run) {
    switch (view.axis) {
      case "epoch":
        return group.steps.map(
          (step) => step / (run.record.progress.stepsPerEpoch || 1),
        );
      case "relative":
        return group.times.map((time) => time - group.times[0]);
      case "wall":
        return group.times;
      default:
        return group.steps;
    }
  }

  function curves() {
    const chosen = tags.filter((tag) => view.tags.has(tag));
    return runs.flatMap((run, index) =>
      chosen.flatMap((tag, metric) => {
        const group = run.metrics.find((one) => one.tags.includes(tag));
        if (!group || group.steps.length === 0) return [];
        const factor =
          view.common && run.lossScale && tag.startsWith("loss/disc")
            ? run.lossScale.factor
            : 1;
        const raw = group.values[group.tags.indexOf(tag)].map(
          (value) => figure(value) * factor,
        );
        return [
          {
            label: several ? `${names[index]}: ${tag}` : tag,
            color: several
              ? run.color
              : single[tags.indexOf(tag) % single.length],
            dash: several ? dashes[metric % 4] : "",
            x: axisOf(group, run),
            raw,
            y: view.smoothing > 0 ? smooth(raw, view.smoothing) : raw,
          },
        ];
      }),
    );
  }

  function extent(lists, keep) {
    let low = Infinity;
    let high = -Infinity;
    for (const list of lists)
      for (const value of list)
        if (Number.isFinite(value) && keep(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
    return low <= high ? [low, high] : [0, 1];
  }

  function ticks(low, high, count) {
    const rough = (high - low) / count || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step =
      power * [1, 2, 5, 10].find((factor) => rough / power <= factor);
    const made = [];
    for (
      let at = Math.ceil(low / step) * step;
      at <= high + step * 1e-9;
      at += step
    )
      made.push(Math.abs(at) < step * 1e-9 ? 0 : at);
    return made;
  }

  function short(value) {
    if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3))
      return value.toExponential(1);
    return String(Number(value.toPrecision(4)));
  }

  function axisText(value) {
    if (view.axis === "wall")
      return new Date(value * 1000).toLocaleTimeString();
    return view.axis === "relative" ? duration(value) : short(value);
  }

  const size = {
    width: 1072,
    height: 420,
    left: 56,
    right: 1040,
    top: 8,
    bottom: 388,
  };
  const plot = drawn("svg", {
    class: "plot",
    viewBox: `0 0 ${size.width} ${size.height}`,
    role: "img",
    "aria-label": "Curves of the metrics",
  });
  const legend = element("div", { className: "legend" });
  let scale = null;

  function makeScale(lines) {
    const whole = extent(
      lines.map((line) => line.x),
      () => true,
    );
    const [x0, x1] = view.range ?? whole;
    const inside = (line) =>
      line.y.filter((_, index) => line.x[index] >= x0 && line.x[index] <= x1);
    const turn = view.log ? Math.log10 : (value) => value;
    let [y0, y1] = extent(
      lines.map(inside),
      (value) => !view.log || value > 0,
    ).map(turn);
    const air = (y1 - y0) * 0.05 || 1;
    [y0, y1] = [y0 - air, y1 + air];
    return {
      whole,
      x0,
      x1,
      y0,
      y1,
      x: (value) =>
        size.left + ((value - x0) / (x1 - x0 || 1)) * (size.right - size.left),
      y: (value) =>
        size.bottom -
        ((turn(value) - y0) / (y1 - y0)) * (size.bottom - size.top),
      back: (pixel) =>
        x0 + ((pixel - size.left) / (size.right - size.left)) * (x1 - x0),
    };
  }

  function path(xs, ys) {
    let text = "";
    let pen = "M";
    const from = xs.findIndex((x) => x >= scale.x0) - 1;
    for (let index = Math.max(0, from); index < xs.length; index++) {
      const y = scale.y(ys[index]);
      if (Number.isFinite(y)) {
        text += `${pen}${scale.x(xs[index]).toFixed(1)} ${y.toFixed(1)}`;
        pen = "L";
      } else pen = "M";
      if (xs[index] > scale.x1) break;
    }
    return text;
  }

  function drawCurves() {
    const lines = curves();
    scale = makeScale(lines);
    const clip = drawn("clipPath", { id: "inside" });
    clip.append(
      drawn("rect", {
        x: size.left,
        y: size.top,
        width: size.right - size.left,
        height: size.bottom - size.top,
      }),
    );
    const group = drawn("g", { "clip-path": "url(#inside)" });
    plot.replaceChildren(clip);
    for (const tick of ticks(scale.y0, scale.y1, 7)) {
      const value = view.log ? 10 ** tick : tick;
      const y = scale.y(value);
      plot.append(
        drawn("line", {
          class: "grid",
          x1: size.left,
          x2: size.right,
          y1: y,
          y2: y,
        }),
        drawn(
          "text",
          { x: size.left - 8, y: y + 4, "text-anchor": "end" },
          short(value),
        ),
      );
    }
    for (const tick of ticks(scale.x0, scale.x1, 8))
      plot.append(
        drawn(
          "text",
          { x: scale.x(tick), y: size.bottom + 20, "text-anchor": "middle" },
          axisText(tick),
        ),
      );
    const levels = view.common
      ? [
          ...new Set(
            runs.flatMap((run) => (run.lossScale ? [run.lossScale.level] : [])),
          ),
        ]
      : [];
    for (const level of levels) {
      const y = scale.y(level);
      group.append(
        drawn("line", {
          class: "level",
          x1: size.left,
          x2: size.right,
          y1: y,
          y2: y,
        }),
        drawn(
          "text",
          { x: size.right - 4, y: y - 4, "text-anchor": "end" },
          "D in balance",
        ),
      );
    }
    if (view.smoothing > 0)
      for (const line of lines)
        group.append(
          drawn("path", {
            class: "raw",
            stroke: line.color,
            d: path(line.x, line.raw),
          }),
        );
    for (const line of lines)
      group.append(
        drawn("path", {
          class: "curve",
          stroke: line.color,
          "stroke-dasharray": line.dash,
          d: path(line.x, line.y),
        }),
      );
    plot.append(group);
    drawLegend(lines);
  }

  function valueAt(line, x) {
    let low = 0;
    let high = line.x.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (line.x[middle] <= x) low = middle + 1;
      else high = middle;
    }
    return low > 0 ? line.y[low - 1] : NaN;
  }

  function drawLegend(lines) {
    plot.querySelector(".cursor")?.remove();
    if (view.cursor !== null) {
      const x = scale.x(view.cursor);
      plot.append(
        drawn("line", {
          class: "cursor",
          x1: x,
          x2: x,
          y1: size.top,
          y2: size.bottom,
        }),
      );
    }
    legend.replaceChildren(
      ...lines.map((line) => {
        const key = drawn("svg", { viewBox: "0 0 28 8" });
        key.append(
          drawn("line", {
            x1: 0,
            x2: 28,
            y1: 4,
            y2: 4,
            stroke: line.color,
            "stroke-width": 2,
            "stroke-dasharray": line.dash,
          }),
        );
        const value =
          view.cursor === null ? "" : `  ${short(valueAt(line, view.cursor))}`;
        return element("span", {}, key, line.label + value);
      }),
      view.cursor === null
        ? ""
        : element("span", {
            className: "faint",
            textContent: `${view.axis} ${axisText(view.cursor)}`,
          }),
    );
  }

  function zoomTo(from, to) {
    const [first, last] = scale.whole;
    const low = Math.max(first, Math.min(from, to));
    const high = Math.min(last, Math.max(from, to));
    view.range = high - low >= last - first ? null : [low, high];
    if (high > low) drawCurves();
  }

  function pixelOf(event) {
    const box = plot.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * size.width;
  }

  function makeZoomable() {
    let start = null;
    const band = drawn("rect", {
      class: "band",
      y: size.top,
      height: size.bottom - size.top,
    });
    plot.addEventListener("pointerdown", (event) => {
      start = pixelOf(event);
      plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener("pointermove", (event) => {
      const at = pixelOf(event);
      view.cursor = Math.min(scale.x1, Math.max(scale.x0, scale.back(at)));
      drawLegend(curves());
      if (start === null) return;
      band.setAttribute("x", Math.min(start, at));
      band.setAttribute("width", Math.abs(at - start));
      plot.append(band);
    });
    plot.addEventListener("pointerup", (event) => {
      const at = pixelOf(event);
      band.remove();
      if (start !== null && Math.abs(at - start) > 6)
        zoomTo(scale.back(start), scale.back(at));
      start = null;
    });
    plot.addEventListener("pointerleave", () => {
      view.cursor = null;
      drawLegend(curves());
    });
    plot.addEventListener("dblclick", () => zoomTo(...scale.whole));
  }

  function control(label, input, change) {
    input.addEventListener("input", () => {
      change(input);
      drawCurves();
    });
    return element("label", {}, input, label);
  }

  function zoomButtons() {
    const by = (factor) => () => {
      const middle = (scale.x0 + scale.x1) / 2;
      const half = ((scale.x1 - scale.x0) * factor) / 2;
      zoomTo(middle - half, middle + half);
    };
    return [
      element("button", {
        type: "button",
        textContent: "Zoom in",
        onclick: by(0.5),
      }),
      element("button", {
        type: "button",
        textContent: "Zoom out",
        onclick: by(2),
      }),
      element("button", {
        type: "button",
        textContent: "Show all",
        onclick: () => zoomTo(...scale.whole),
      }),
    ];
  }

  function curvesSection() {
    const metrics = tags.map((tag) =>
      control(
        tag,
        element("input", { type: "checkbox", checked: view.tags.has(tag) }),
        (input) => {
          if (input.checked) view.tags.add(tag);
          else view.tags.delete(tag);
        },
      ),
    );
    const axis = element(
      "select",
      {},
      ...["step", "epoch", "relative", "wall"].map((name) =>
        element("option", { value: name, textContent: name }),
      ),
    );
    const controls = [
      control("x axis", axis, (input) => {
        view.axis = input.value;
        view.range = null;
      }),
      control(
        "smoothing",
        element("input", {
          type: "range",
          min: "0",
          max: "0.99",
          step: "0.01",
          value: "0",
        }),
        (input) => {
          view.smoothing = Number(input.value);
        },
      ),
      control(
        "logarithmic",
        element("input", { type: "checkbox" }),
        (input) => {
          view.log = input.checked;
        },
      ),
      control(
        "common loss scale",
        element("input", { type: "checkbox" }),
        (input) => {
          view.common = input.checked;
        },
      ),
    ];
    section(
      "Curves",
      element("div", { className: "controls" }, ...metrics),
      element("div", { className: "controls" }, ...controls, ...zoomButtons()),
      plot,
      legend,
      element("p", {
        className: "faint",
        textContent:
          "Drag across the picture to zoom in, double-click to see all.",
      }),
      ...runs
        .filter(({ rows }) => rows.kept < rows.all)
        .map(({ record, rows }) =>
          element("p", {
            className: "faint",
            textContent: `${record.name}: ${rows.kept} of ${rows.all} rows are in this file, every extreme among them; the CSV export has all.`,
          }),
        ),
    );
    makeZoomable();
    drawCurves();
  }
  if (tags.length > 0) curvesSection();

  /* ---- Samples ---- */
  const stops = [
    ...new Set(runs.flatMap((run) => run.samples.map((sample) => sample.step))),
  ].sort((a, b) => a - b);
  let place = stops.length - 1;
  let tile = null;
  const afterMove = [];

  function nearest(samples, step) {
    return samples.reduce(
      (best, sample) =>
        best && Math.abs(best.step - step) <= Math.abs(sample.step - step)
          ? best
          : sample,
      null,
    );
  }

  function boxOf(grid, index) {
    const pitch = grid.size + grid.padding;
    const columns = Math.min(grid.perRow, grid.count);
    return {
      x: grid.padding + (index % columns) * pitch,
      y: grid.padding + Math.floor(index / columns) * pitch,
      width: columns * pitch + grid.padding,
      height: Math.ceil(grid.count / columns) * pitch + grid.padding,
    };
  }

  function tileAt(grid, image, event) {
    const box = image.getBoundingClientRect();
    const whole = boxOf(grid, 0);
    const pitch = grid.size + grid.padding;
    const column = Math.floor(
      (((event.clientX - box.left) / box.width) * whole.width -
        grid.padding / 2) /
        pitch,
    );
    const row = Math.floor(
      (((event.clientY - box.top) / box.height) * whole.height -
        grid.padding / 2) /
        pitch,
    );
    const index = row * Math.min(grid.perRow, grid.count) + column;
    return index >= 0 && index < grid.count ? index : null;
  }

  function galleryFigure(run, index) {
    const image = element("img", { alt: "" });
    const mark = element("span", { className: "mark", hidden: true });
    const words = element("span", { className: "faint" });
    image.addEventListener("click", (event) => {
      if (!run.grid) return;
      const chosen = tileAt(run.grid, image, event);
      tile = chosen === tile ? null : chosen;
      move(place);
    });
    const canvas = element("canvas", {});
    const large = element(
      "figure",
      { hidden: true },
      canvas,
      element("figcaption", { textContent: names[index] }),
    );
    function show() {
      const sample = nearest(run.samples, stops[place]);
      if (!sample) return;
      image.src = sample.picture;
      image.alt = `Samples of ${names[index]} at step ${sample.step}`;
      words.textContent =
        sample.step === stops[place]
          ? `step ${sample.step}`
          : `step ${sample.step}, the nearest to ${stops[place]}`;
      showTile(run.grid, image, mark, canvas, large);
    }
    afterMove.push(show);
    return {
      small: element(
        "figure",
        {},
        image,
        mark,
        element("figcaption", {}, heading(index), element("br"), words),
      ),
      large,
    };
  }

  function showTile(grid, image, mark, canvas, large) {
    const visible = grid !== null && tile !== null && tile < grid.count;
    mark.hidden = large.hidden = !visible;
    if (!visible) return;
    const box = boxOf(grid, tile);
    Object.assign(mark.style, {
      left: `${(box.x / box.width) * 100}%`,
      top: `${(box.y / box.width) * image.clientWidth}px`,
      width: `${(grid.size / box.width) * 100}%`,
      height: `${(grid.size / box.width) * image.clientWidth}px`,
    });
    canvas.width = canvas.height = grid.size;
    image.decode().then(
      () => canvas.getContext("2d").drawImage(image, -box.x, -box.y),
      () => undefined,
    );
  }

  function move(to) {
    place = Math.max(0, Math.min(stops.length - 1, to));
    for (const show of afterMove) show();
  }

  function samplesSection() {
    const slider = element("input", {
      type: "range",
      min: "0",
      max: String(stops.length - 1),
      value: String(place),
    });
    slider.setAttribute("aria-label", "Step");
    const step = element("output", {});
    slider.addEventListener("input", () => move(Number(slider.value)));
    let timer = null;
    const play = element("button", { type: "button", textContent: "Play" });
    play.addEventListener("click", () => {
      if (timer === null)
        timer = setInterval(
          () => move(place + 1 < stops.length ? place + 1 : 0),
          125,
        );
      else timer = clearInterval(timer) ?? null;
      play.textContent = timer === null ? "Play" : "Stop";
    });
    afterMove.push(() => {
      slider.value = String(place);
      slider.setAttribute("aria-valuetext", `step ${stops[place]}`);
      step.textContent = `step ${stops[place]}`;
    });
    const withSamples = runs
      .map((run, index) => [run, index])
      .filter(([run]) => run.samples.length > 0);
    const figures = withSamples.map(([run, index]) =>
      galleryFigure(run, index),
    );
    section(
      "Samples",
      element(
        "div",
        { className: "controls" },
        play,
        element("label", { className: "wide" }, slider, step),
      ),
      element(
        "div",
        { className: "gallery" },
        ...figures.map((one) => one.small),
      ),
      element(
        "div",
        { className: "tiles" },
        ...figures.map((one) => one.large),
      ),
      ...withSamples
        .filter(([run]) => run.samples.length < run.savedSamples)
        .map(([run]) =>
          element("p", {
            className: "faint",
            textContent: `${run.record.name}: ${run.samples.length} of ${run.savedSamples} saved steps are in this file, evenly spread.`,
          }),
        ),
      element("p", {
        className: "faint",
        textContent:
          "Click a tile to see it large; runs with the same latent size share their noise, so tiles correspond.",
      }),
    );
    move(place);
  }
  if (stops.length > 0) samplesSection();

  /* ---- Figures ---- */
  function atStep(run, tag, step) {
    const group = run.metrics.find((one) => one.tags.includes(tag));
    if (!group) return "";
    let row = -1;
    for (
      let index = 0;
      index < group.steps.length && group.steps[index] <= step;
      index++
    )
      row = index;
    return row < 0
      ? ""
      : short(figure(group.values[group.tags.indexOf(tag)][row]));
  }

  function figuresSection() {
    const holder = element("div", {});
    const show = () => {
      const step = stops[place];
      const head = [
        "metric",
        ...(several ? ["run"] : []),
        "last",
        "smallest",
        "at step",
        "largest",
        "at step",
      ];
      const rows = tags.flatMap((tag) =>
        runs.flatMap((run, index) => {
          const summary = run.record.summary[tag];
          if (!summary) return [];
          const cell = (value) => (value === null ? "" : short(value));
          return [
            [
              tag,
              ...(several ? [heading(index)] : []),
              cell(summary.last),
              cell(summary.min),
              String(summary.minStep ?? ""),
              cell(summary.max),
              String(summary.maxStep ?? ""),
              ...(step === undefined ? [] : [atStep(run, tag, step)]),
            ],
          ];
        }),
      );
      holder.replaceChildren(
        table(step === undefined ? head : [...head, `at step ${step}`], rows),
      );
    };
    section("Figures", holder);
    afterMove.push(show);
    show();
  }
  figuresSection();

  /* ---- Settings, environment, reproduction, data ---- */
  function settingsSection() {
    const holder = element("div", {});
    const only = element("input", { type: "checkbox", checked: several });
    const show = () => {
      const rows = data.settings.filter((row) => !only.checked || row.differs);
      holder.replaceChildren(
        rows.length > 0
          ? table(
              ["", ...runs.map((_, index) => heading(index))],
              rows.map((row) => [
                row.label,
                ...row.values.map((value) => value ?? ""),
              ]),
            )
          : element("p", { textContent: "The settings are the same." }),
      );
    };
    only.addEventListener("input", show);
    section(
      "Settings",
      ...(several
        ? [
            element(
              "div",
              { className: "controls" },
              element("label", {}, only, "only what differs"),
            ),
          ]
        : []),
      holder,
    );
    show();
  }
  settingsSection();

  section(
    "Environment",
    table(
      ["", ...runs.map((_, index) => heading(index))],
      data.environment.map((row) => [
        row.label,
        ...row.values.map((value) => value ?? ""),
      ]),
    ),
  );

  const commands = runs.filter((run) => run.reproduce);
  if (commands.length > 0)
    section(
      "Train it again",
      ...commands.flatMap((run) => [
        ...(several ? [element("p", { textContent: run.record.name })] : []),
        element("pre", { textContent: run.reproduce }),
      ]),
    );

  section(
    "Raw data",
    element("p", {
      textContent:
        "Everything shown here is in this file as JSON, in the element with the id “data”: records, settings, every figure, and the pictures.",
    }),
    element("button", {
      type: "button",
      textContent: "Save the data as JSON",
      onclick: () => {
        const address = URL.createObjectURL(
          new Blob([JSON.stringify(data, null, 1)], {
            type: "application/json",
          }),
        );
        element("a", { href: address, download: "report.json" }).click();
        URL.revokeObjectURL(address);
      },
    }),
  );
})();
