/** Starts the window: connects, then shows the application; a failure is said on the page. */
import { mount } from "svelte";
import { errorMessage } from "../shared/errors";
import App from "./App.svelte";
import { openConnection } from "./connection";
import { Application } from "./state/application.svelte";
import "./theme.css";
import "./starting.css";

const target = document.getElementById("application");
if (!target) throw new Error("The page has no place for the application.");

try {
  const application = new Application(await openConnection());
  target.replaceChildren();
  mount(App, { target, props: { application } });
} catch (error) {
  const text = document.createElement("p");
  text.setAttribute("role", "alert");
  text.className = "startup-failure";
  text.textContent = errorMessage(error);
  target.replaceChildren(text);
}
