/** Chapters of our own guide as HTML: with its pictures, and with links that stay inside the window where they can. */
import { Marked } from "marked";
import { guideChapters } from "../../state/guide-chapters";
import { formatRoute } from "../../state/navigation.svelte";

const pictures = import.meta.glob<string>("../../../../docs/images/*.png", {
  query: "?url",
  import: "default",
  eager: true,
});

const guide = new Marked({
  gfm: true,
  renderer: {
    image({ href, text }) {
      const src = pictures[`../../../../docs/${href}`];
      return src ? `<img src="${src}" alt="${text}" loading="lazy">` : "";
    },
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      const chapter = guideChapters.find(({ slug }) => `#${slug}` === href);
      if (chapter) {
        const address = formatRoute({ view: "guide", chapter: chapter.slug });
        return `<a href="${address}">${text}</a>`;
      }
      // Other files of the documentation are not inside the application.
      return href.startsWith("https:")
        ? `<a href="${href}" target="_blank" rel="noreferrer">${text}</a>`
        : text;
    },
  },
});

export function chapterHtml(markdown: string): string {
  return guide.parse(markdown, { async: false });
}
