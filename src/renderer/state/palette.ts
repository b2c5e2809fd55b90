/** What the palette offers besides the commands of the menu: pages, what can be done with the run shown, choices. */
import { isActive } from "../../shared/run";
import type { Application } from "./application.svelte";
import type { Entry } from "./commander.svelte";
import { guideChapters } from "./guide-chapters";
import { runTabs, runTabTitles } from "./navigation.svelte";
import { runActions } from "./run-actions";
import { startRun } from "./start-run";
import { themes, themeTitles } from "./theme";

/** Entries without a shortcut, which can always be chosen. */
function entry(
  id: string,
  title: string,
  detail: string,
  run: () => void,
): Entry {
  return { id, title, detail, run, shortcut: null, enabled: true };
}

export function paletteEntries(application: Application): Entry[] {
  const { navigation } = application;
  return [
    ...ofTheRun(application),
    ...ofTheQueue(application),
    ...ofTheSweeps(application),
    ...guideChapters.map(({ slug, title }) =>
      entry(`guide:${slug}`, title, "guide", () =>
        navigation.go({ view: "guide", chapter: slug }),
      ),
    ),
    ...themes.map((choice) =>
      entry(
        `theme:${choice}`,
        `Theme: ${themeTitles[choice]}`,
        "settings",
        () => application.theme.choose(choice),
      ),
    ),
    entry(
      "remove-examples",
      "Remove the examples",
      "library",
      () => void application.examples.remove(),
    ),
    entry("tips", "Show the hints again", "settings", () =>
      application.tips.showAgain(),
    ),
  ];
}

/** What is done with the queue. */
function ofTheQueue(application: Application): Entry[] {
  const { draft, navigation, queue } = application;
  const { atOnce, held } = queue.state;
  const isThere = queue.waiting.length > 0;
  return [
    entry("queue:add", "Add to queue", "the new run as it is set up", () =>
      enqueueDraft(application),
    ),
    entry(
      "queue:hold",
      held ? "Resume the queue" : "Hold the queue",
      "queue",
      () => void queue.hold(!held),
    ),
    ...[1, 2, 4].map((number) =>
      entry(
        `queue:at-once:${number}`,
        number === 1 ? "Train one run at once" : `Train ${number} runs at once`,
        number === atOnce ? "queue, as it is" : "queue",
        () => void queue.setAtOnce(number),
      ),
    ),
    entry(
      "queue:clear",
      "Empty the queue",
      "queue",
      () => void queue.remove(queue.waiting.map(({ run }) => run)),
    ),
    entry("queue:show", "Go to the queue", "queue", () => queue.show()),
  ].map((one) => ({ ...one, enabled: enabledOf(one.id) }));

  function enabledOf(id: string): boolean {
    if (id === "queue:add")
      return navigation.route.view === "train" && draft.problems.length === 0;
    return isThere || (id !== "queue:clear" && id !== "queue:show");
  }
}

/** What is done with each sweep. */
function ofTheSweeps({ sweeps }: Application): Entry[] {
  return sweeps.known.flatMap((sweep) => [
    entry(
      `sweep:compare:${sweep.id}`,
      `Compare ${sweep.name}`,
      "sweep",
      () => void sweeps.compare(sweep.id),
    ),
    ...(sweep.unfinished.length > 0
      ? [
          entry(
            `sweep:rerun:${sweep.id}`,
            `Rerun what is missing of ${sweep.name}`,
            "sweep",
            () => void sweeps.rerun(sweep.id),
          ),
        ]
      : []),
    ...(sweeps.waiting.has(sweep.id)
      ? [
          entry(
            `sweep:cancel:${sweep.id}`,
            `Cancel ${sweep.name}`,
            "sweep",
            () => void sweeps.cancel(sweep.id),
          ),
        ]
      : []),
    ...(sweep.report === null
      ? []
      : [
          entry(
            `sweep:report:${sweep.id}`,
            `Report of ${sweep.name}`,
            "sweep",
            () => void sweeps.openReport(sweep),
          ),
        ]),
  ]);
}

/** The new run as the form stands; of several variants the summary comes first. */
function enqueueDraft(application: Application): void {
  const { draft } = application;
  if (draft.variants?.isOn) draft.variants.isWanted = true;
  else void startRun(application, draft);
}

/** Pages and actions of the run that the window shows. */
function ofTheRun(application: Application): Entry[] {
  const { control, navigation, runs } = application;
  const { route } = navigation;
  const listing = route.view === "run" ? runs.find(route.run) : null;
  if (!listing) return [];
  const { id, name, settings, starred, state } = listing.record;
  const pages = runTabs.map((tab) =>
    entry(`tab:${tab}`, runTabTitles[tab], name, () =>
      navigation.showRun(id, tab),
    ),
  );
  const actions = runActions(application, listing, null)
    .filter(({ disabled }) => !disabled)
    .map(({ label, action }) =>
      entry(`run-action:${label}`, label, name, action),
    );
  const star = entry(
    "star",
    starred ? "Remove the star" : "Star this run",
    name,
    () => void runs.edit(id, { starred: !starred }),
  );
  const goOn = entry(
    "go-on",
    "Resume this run",
    name,
    () => void control.goOn(id),
  );
  const canGoOn = !isActive(state) && state !== "finished" && settings !== null;
  return [...pages, ...(canGoOn ? [goOn] : []), star, ...actions];
}
