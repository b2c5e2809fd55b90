/** Which view is shown. It lives in the address, so that a reload and the browser's back button work. */

export const runTabs = [
  "overview",
  "gallery",
  "quality",
  "explorer",
  "microscope",
  "settings",
  "log",
  "notes",
] as const;
export type RunTab = (typeof runTabs)[number];

export const runTabTitles: Record<RunTab, string> = {
  overview: "Overview",
  gallery: "Gallery",
  quality: "Quality",
  explorer: "Latent explorer",
  microscope: "Step microscope",
  settings: "Setup",
  log: "Log",
  notes: "Notes",
};

export type Route =
  | { view: "train" }
  | { view: "run"; run: string; tab: RunTab }
  | { view: "history" }
  | { view: "compare"; runs: string[] }
  /** An empty chapter is the first. */
  | { view: "guide"; chapter: string }
  | { view: "settings" };

/** `#/run/ID/gallery`. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case "run":
      return `#/run/${encodeURIComponent(route.run)}/${route.tab}`;
    case "compare":
      return `#/compare/${route.runs.map(encodeURIComponent).join(",")}`;
    case "guide":
      return `#/guide/${encodeURIComponent(route.chapter)}`;
    case "train":
    case "history":
    case "settings":
      return `#/${route.view}`;
    default:
      return route satisfies never;
  }
}

/** Null for an address that names no view. */
export function parseRoute(hash: string): Route | null {
  const [view, first = "", second = ""] = hash.replace(/^#\//, "").split("/");
  switch (view) {
    case "run": {
      if (!first) return null;
      const tab = runTabs.find((name) => name === second) ?? "overview";
      return { view, run: decodeURIComponent(first), tab };
    }
    case "compare":
      return {
        view,
        runs: first.split(",").filter(Boolean).map(decodeURIComponent),
      };
    case "guide":
      return { view, chapter: decodeURIComponent(first) };
    case "train":
    case "history":
    case "settings":
      return { view };
    default:
      return null;
  }
}

export class Navigation {
  route = $state.raw<Route>({ view: "train" });
  /** Whether the address named a view when the window opened. */
  readonly restored: boolean;

  constructor() {
    const named = parseRoute(location.hash);
    this.restored = named !== null;
    if (named) this.route = named;
    addEventListener("hashchange", () => {
      const next = parseRoute(location.hash);
      if (next) this.route = next;
    });
  }

  go(route: Route): void {
    this.route = route;
    const hash = formatRoute(route);
    if (hash !== location.hash) history.pushState(null, "", hash);
  }

  showRun(run: string, tab?: RunTab): void {
    const current = this.route.view === "run" ? this.route.tab : "overview";
    this.go({ view: "run", run, tab: tab ?? current });
  }
}
