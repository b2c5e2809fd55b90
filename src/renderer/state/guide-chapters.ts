/** The guide of `docs/guide.md`, chapter by chapter, as the window shows it. */

interface GuideChapter {
  /** As in its address: `reading-a-run`. */
  slug: string;
  title: string;
  /** Markdown, without its heading. */
  text: string;
}

const files = import.meta.glob<string>("../../../docs/guide.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** What stands before the first chapter is its table of contents, which the window has at its side. */
export const guideChapters: GuideChapter[] = Object.values(files)
  .flatMap((text) => text.split(/^## /m).slice(1))
  .map((part) => {
    const [title, ...lines] = part.split("\n");
    return { slug: slugOf(title), title, text: lines.join("\n") };
  });

/** As GitHub names a heading. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .trim()
    .replace(/\s+/g, "-");
}
