/** Where things are kept on this machine. One answer for the desktop application, browser mode and the command line. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

export interface Places {
  /** `config.json` with the preferences. */
  configuration: string;
  /** Downloads and decoded caches, shared by all runs. */
  data: string;
  /** The library that is used where neither `--library` nor the preferences name another. */
  library: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const folder = "gan-workbench";

/** Follows each system's custom; `GAN_WORKBENCH_HOME` puts everything below one folder instead. */
export function findPlaces(
  platform: NodeJS.Platform = process.platform,
  variables: Variables = process.env,
  home = homedir(),
): Places {
  const own = variables.GAN_WORKBENCH_HOME;
  if (own) return below(own, own);
  switch (platform) {
    case "darwin": {
      const support = join(home, "Library", "Application Support", folder);
      return below(support, support);
    }
    case "win32": {
      const roaming = variables.APPDATA ?? join(home, "AppData", "Roaming");
      const local = variables.LOCALAPPDATA ?? join(home, "AppData", "Local");
      return below(join(roaming, folder), join(local, folder));
    }
    default: {
      const config = variables.XDG_CONFIG_HOME ?? join(home, ".config");
      const share = variables.XDG_DATA_HOME ?? join(home, ".local", "share");
      return below(join(config, folder), join(share, folder));
    }
  }
}

/** The installed application: where `package.json` and the built `out/` are. */
export function findInstallation(from = import.meta.dirname): string {
  for (let at = from; ; at = dirname(at)) {
    if (isOurs(join(at, "package.json"))) return at;
    if (dirname(at) === at)
      throw new Error(
        `The application's own folder was not found above ${from}; install it again.`,
      );
  }
}

function below(configuration: string, bulk: string): Places {
  return {
    configuration,
    data: join(bulk, "data"),
    library: join(bulk, "library"),
  };
}

const manifest = z.object({ name: z.literal("gan-workbench") });

function isOurs(file: string): boolean {
  return (
    existsSync(file) &&
    manifest.safeParse(JSON.parse(readFileSync(file, "utf8"))).success
  );
}
