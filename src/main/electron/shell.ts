/** Native dialogs and the file manager, as the host asks for them. */
import { BrowserWindow, dialog, shell } from "electron";
import { forkElectron } from "./fork";
import type { FileChoice, Shell } from "../host/shell";

export const electronShell: Shell = {
  kind: "electron",
  fork: forkElectron,
  chooseFile: (choice) =>
    choice.kind === "save" ? chooseTarget(choice) : chooseSource(choice),
  reveal(path) {
    shell.showItemInFolder(path);
    return Promise.resolve();
  },
};

async function chooseTarget(choice: FileChoice): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(owner(), {
    title: choice.title,
    defaultPath: choice.suggestedName ?? undefined,
    filters: filters(choice),
    properties: ["createDirectory", "showOverwriteConfirmation"],
  });
  return canceled ? null : filePath;
}

async function chooseSource(choice: FileChoice): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(owner(), {
    title: choice.title,
    filters: filters(choice),
    properties: [choice.kind === "open-file" ? "openFile" : "openDirectory"],
  });
  return canceled ? null : filePaths[0];
}

function filters({ extensions }: FileChoice): Electron.FileFilter[] {
  return extensions.length === 0
    ? []
    : [{ name: extensions.join(", "), extensions }];
}

/** The dialog belongs to the window that asked: there is only one. */
function owner(): BrowserWindow {
  return BrowserWindow.getAllWindows()[0];
}
