/**
 * What a menu, the command palette or a shortcut can ask of the window, written once.
 * `accelerator` is Electron's notation, empty where there is none; the window leaves out those that a browser keeps for
 * itself.
 */

export const commands = [
  {
    id: "new-run",
    title: "New Run",
    menu: "file",
    accelerator: "CmdOrCtrl+N",
  },
  {
    id: "import",
    title: "Import Run…",
    menu: "file",
    accelerator: "CmdOrCtrl+O",
  },
  {
    id: "export",
    title: "Export…",
    menu: "file",
    accelerator: "CmdOrCtrl+E",
  },
  {
    id: "settings",
    title: "Settings",
    menu: "file",
    accelerator: "CmdOrCtrl+,",
  },
  {
    id: "undo",
    title: "Undo",
    // The system's own undo stands in the edit menu, for text.
    menu: null,
    accelerator: "CmdOrCtrl+Z",
  },
  {
    id: "pause",
    title: "Pause or Resume",
    menu: "run",
    accelerator: "CmdOrCtrl+P",
  },
  {
    id: "stop",
    title: "Stop Training",
    menu: "run",
    accelerator: "CmdOrCtrl+.",
  },
  {
    id: "checkpoint",
    title: "Save a Checkpoint Now",
    menu: "run",
    accelerator: "CmdOrCtrl+S",
  },
  {
    id: "show-train",
    title: "Train",
    menu: "view",
    accelerator: "CmdOrCtrl+1",
  },
  {
    id: "show-history",
    title: "History",
    menu: "view",
    accelerator: "CmdOrCtrl+2",
  },
  {
    id: "show-compare",
    title: "Compare",
    menu: "view",
    accelerator: "CmdOrCtrl+3",
  },
  {
    id: "palette",
    title: "Command Palette",
    menu: "view",
    accelerator: "CmdOrCtrl+K",
  },
  {
    id: "guide",
    title: "Guide",
    menu: "help",
    accelerator: "F1",
  },
  {
    id: "examples",
    title: "Open the Examples",
    menu: "help",
    accelerator: "",
  },
  {
    id: "tutorial-004",
    title: "Compare GAN, DCGAN and WGAN…",
    menu: "help",
    accelerator: "",
  },
  {
    id: "shortcuts",
    title: "Keyboard Shortcuts",
    menu: "help",
    accelerator: "?",
  },
] as const;

export type Command = (typeof commands)[number];
export type CommandId = Command["id"];
