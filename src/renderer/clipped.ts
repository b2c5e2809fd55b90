/** A text that is cut where there is no room is told whole under the pointer. */
const told = new WeakSet<HTMLElement>();

export function tellClipped({ target }: Event): void {
  if (!(target instanceof Element)) return;
  const text = target.closest<HTMLElement>(".clip");
  if (!text) return;
  // What it said before may be another text by now.
  if (told.delete(text)) text.removeAttribute("title");
  if (text.scrollWidth <= text.clientWidth || text.closest("[title]")) return;
  text.title = text.innerText;
  told.add(text);
}
