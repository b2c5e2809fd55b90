/** The engines as the window lists them, asked of the training thread, which is where they are loaded. */
import type { EngineListing } from "../../shared/contract/app";
import type { Host } from "./host";

export async function listEngines({
  trainer,
}: Pick<Host, "trainer">): Promise<EngineListing[]> {
  const statuses = await trainer.engines();
  return statuses.map((status) => ({
    id: status.id,
    available: status.available,
    device: status.available ? status.device : null,
    reason: status.available ? null : status.reason,
    automatic: false,
    choice: "",
  }));
}
