/** The application's menu: the window's own commands under their accelerators, and the system's usual roles. */
import { app, Menu, shell } from "electron";
import type { MenuItemConstructorOptions } from "electron";
import { commands } from "../../shared/contract/commands";
import type { Command, CommandId } from "../../shared/contract/commands";
import type { Application } from "../host/app";
import { importFile } from "./documents";
import { licencesFile } from "./resources";

/** Installs the menu, and again whenever the recent files change. */
export function keepMenu(
  application: Pick<Application, "emit" | "onEvent" | "handlers">,
): void {
  const { handlers } = application;
  const actions: Actions = {
    run: (command) => application.emit({ type: "command", command }),
    importFile: (path) => importFile(application, path),
  };
  void Promise.resolve(handlers.app.recentFiles({})).then((paths) =>
    install(paths, actions),
  );
  application.onEvent((event) => {
    if (event.type !== "recent-files") return;
    // The system's own list, in the dock or the taskbar.
    app.addRecentDocument(event.paths[0]);
    install(event.paths, actions);
  });
}

interface Actions {
  run(command: CommandId): void;
  importFile(path: string): void;
}

function install(recentFiles: readonly string[], actions: Actions): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === "darwin" ? [{ role: "appMenu" } as const] : []),
      {
        label: "&File",
        submenu: [
          ...own("file", actions),
          recent(recentFiles, actions),
          { type: "separator" },
          process.platform === "darwin" ? { role: "close" } : { role: "quit" },
        ],
      },
      { role: "editMenu" },
      { label: "&Run", submenu: own("run", actions) },
      {
        label: "&View",
        submenu: [
          ...own("view", actions),
          { type: "separator" },
          { role: "resetZoom" },
          { role: "zoomIn" },
          { role: "zoomOut" },
          { role: "togglefullscreen" },
          ...(app.isPackaged ? [] : [{ role: "toggleDevTools" } as const]),
        ],
      },
      { role: "windowMenu" },
      {
        role: "help",
        submenu: [
          ...own("help", actions),
          { type: "separator" },
          {
            label: "Licences",
            click: () => void shell.openPath(licencesFile()),
          },
          // macOS has it in the application's own menu.
          ...(process.platform === "darwin"
            ? []
            : [{ role: "about" } as const]),
        ],
      },
    ]),
  );
}

function own(
  menu: Command["menu"],
  actions: Actions,
): MenuItemConstructorOptions[] {
  return commands
    .filter((command) => command.menu === menu)
    .map(({ id, title, accelerator }) => ({
      id,
      label: title,
      // A plain "?" would be taken from the text fields.
      ...(accelerator.includes("+") && { accelerator }),
      click: () => actions.run(id),
    }));
}

function recent(
  paths: readonly string[],
  actions: Actions,
): MenuItemConstructorOptions {
  return {
    label: "Import Recent",
    enabled: paths.length > 0,
    submenu: paths.map((path) => ({
      label: path,
      click: () => actions.importFile(path),
    })),
  };
}
