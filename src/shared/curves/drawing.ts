/** SVG as data, so that the same drawing becomes a file here and elements of a page there; text stays text in both. */

export interface Drawn {
  tag: string;
  attributes: Readonly<Record<string, string | number>>;
  children: readonly (Drawn | string)[];
}

export function drawn(
  tag: string,
  attributes: Drawn["attributes"],
  ...children: Drawn["children"]
): Drawn {
  return { tag, attributes, children };
}

/** As the text of a file. */
export function svgText({ tag, attributes, children }: Drawn): string {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escapeXml(String(value))}"`,
  );
  const inside = children.map((child) =>
    typeof child === "string" ? escapeXml(child) : svgText(child),
  );
  const start = `<${tag}${written.join("")}`;
  return inside.length > 0
    ? `${start}>${inside.join("")}</${tag}>\n`
    : `${start}/>\n`;
}

/** For element content and attribute values of XML and HTML alike. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
      .replace(/'/g, "&#39;")
      // eslint-disable-next-line no-control-regex -- XML 1.0 forbids these characters however they are written.
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
  );
}
