/** Comparisons kept by name, in the preferences. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import type { Host } from "./host";

export function createComparisonCalls({
  preferences,
}: Host): Handlers<AppContract>["comparisons"] {
  const without = (name: string) =>
    preferences.comparisons().filter((one) => one.name !== name);
  return {
    list: () => preferences.comparisons(),
    save(comparison) {
      preferences.setComparisons([comparison, ...without(comparison.name)]);
      return preferences.comparisons();
    },
    remove({ name }) {
      preferences.setComparisons(without(name));
      return preferences.comparisons();
    },
  };
}
