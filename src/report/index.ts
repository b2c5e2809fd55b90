/**
 * The page of a report: a program without a server, built into one script that stands inside the exported HTML beside
 * its data (`main/export/report`). It fetches nothing, and what users wrote reaches the page only as text.
 */
import { curvesSection } from "./curves";
import { data } from "./data";
import { faint, main } from "./elements";
import { factsSection } from "./facts";
import { Gallery } from "./gallery";
import { matrixSection } from "./matrix";
import { metricsSection } from "./metrics";
import { seedsSection } from "./seeds";
import {
  commandsSection,
  dataSection,
  environmentSection,
  settingsSection,
} from "./settings";

main.querySelector("noscript")?.remove();
main.append(
  faint(
    `Made by GAN Workbench on ${new Date(data.madeAt).toLocaleString()}. Works offline; everything it shows is inside this file.`,
  ),
);
const gallery = new Gallery();
factsSection();
curvesSection();
gallery.show();
matrixSection(gallery);
seedsSection();
metricsSection(gallery);
settingsSection();
environmentSection();
commandsSection();
dataSection();
