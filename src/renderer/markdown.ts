/** Notes as HTML. They may come from anybody's run folder, so nothing but text formatting passes. */
import DOMPurify from "dompurify";
import { Marked } from "marked";

/** HTML in the notes is shown as it was typed; pictures become their text. */
const markdown = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
  },
});

const allowed = {
  ALLOWED_TAGS:
    "p br hr h1 h2 h3 h4 strong em del code pre blockquote ul ol li table thead tbody tr th td a".split(
      " ",
    ),
  ALLOWED_ATTR: ["href"],
  ALLOWED_URI_REGEXP: /^https?:/i,
};

/** Sanitised HTML: no scripts, no pictures, no styles; links only to the web, in a window of their own. */
export function renderMarkdown(text: string): string {
  const html = markdown.parse(text, { async: false });
  const fragment = DOMPurify.sanitize(html, {
    ...allowed,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noreferrer";
  }
  const holder = document.createElement("div");
  holder.append(fragment);
  return holder.innerHTML;
}

function escaped(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => names[character]);
}
