/** Makes an export and says where it is. */
import type { ExportAsk, ExportOutcome } from "../../shared/contract/exports";
import { exportRequestSchema } from "../../shared/contract/exports";
import { download } from "../download";
import { uniqueId } from "../unique-id";
import type { Application } from "./application.svelte";

/** Gives whether it was made; a failure is reported. `onstart` is told the id of its progress. */
export async function saveExport(
  application: Application,
  ask: ExportAsk,
  onstart: (id: string) => void = () => undefined,
): Promise<boolean> {
  const { client, notices } = application;
  const id = `export-${uniqueId()}`;
  onstart(id);
  try {
    const request = exportRequestSchema.parse(ask);
    const outcome = await client.exports.start({ id, request });
    tell(application, id, outcome);
    return outcome.state !== "cancelled";
  } catch (error) {
    notices.report(error);
    return false;
  }
}

function tell(
  { client, notices }: Application,
  id: string,
  outcome: ExportOutcome,
): void {
  if (outcome.state !== "cancelled")
    for (const remark of outcome.remarks) notices.inform(remark);
  switch (outcome.state) {
    case "cancelled":
      return;
    case "download":
      download(outcome.url, outcome.name);
      notices.inform(`${outcome.name} is among your downloads.`);
      return;
    case "saved":
      notices.inform(`The export is at ${outcome.path}.`, {
        label: "Show",
        run: () => void notices.guard(client.exports.reveal({ id })),
      });
      return;
    default:
      outcome satisfies never;
  }
}
