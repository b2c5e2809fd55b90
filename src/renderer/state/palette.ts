/** What the palette offers besides the commands of the menu: pages, what can be done with the run shown, choices. */
import { isActive } from "../../shared/run";
import type { Application } from "./application.svelte";
import type { Entry } from "./commander.svelte";
import { guideChapters } from "./guide-chapters";
import { runTabs, runTabTitles } from "./navigation.svelte";
import { runActions } from "./run-actions";
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
