/** Light, dark, or as the system is: said to the style sheet by an attribute of the page, and to canvases by an event. */
import { z } from "zod";
import type { Preferences } from "./preferences.svelte";

export const themes = ["system", "light", "dark"] as const;
type ThemeChoice = (typeof themes)[number];

export const themeTitles: Record<ThemeChoice, string> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

const key = "theme";

export class Theme {
  private readonly system = matchMedia("(prefers-color-scheme: dark)");

  constructor(private readonly preferences: Preferences) {
    this.system.addEventListener("change", () => this.apply());
    // What was chosen at the last launch is drawn before the application answers.
    this.show(remembered());
  }

  get choice(): ThemeChoice {
    return this.preferences.get(key, z.enum(themes), "system");
  }

  choose(choice: ThemeChoice): void {
    this.preferences.set(key, choice);
    this.apply();
  }

  /** Once the preferences are there, and after every change. */
  apply(): void {
    const { choice } = this;
    try {
      localStorage.setItem(key, choice);
    } catch {
      // A browser without storage begins as the system is.
    }
    this.show(choice);
  }

  private show(choice: ThemeChoice): void {
    const isDark =
      choice === "system" ? this.system.matches : choice === "dark";
    const shown = isDark ? "dark" : "light";
    if (document.documentElement.dataset.theme === shown) return;
    document.documentElement.dataset.theme = shown;
    dispatchEvent(new Event("themechange"));
  }
}

function remembered(): ThemeChoice {
  try {
    return z.enum(themes).catch("system").parse(localStorage.getItem(key));
  } catch {
    return "system";
  }
}
