/** How many leading folders all names have in common: a ZIP often holds everything in one. */
export function sharedFolders(names: readonly string[]): number {
  if (names.length === 0) return 0;
  const first = names[0].split("/").slice(0, -1);
  let depth = first.length;
  for (const name of names) {
    const folders = name.split("/").slice(0, -1);
    while (
      folders.slice(0, depth).join("/") !== first.slice(0, depth).join("/")
    )
      depth--;
  }
  return depth;
}
