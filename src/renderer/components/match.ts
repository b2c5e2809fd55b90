/**
 * How well a title answers what was typed: every letter in order, better where they begin words or stand together.
 * Null where a letter is missing; 0 for an empty query.
 */
export function matchScore(query: string, title: string): number | null {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const text = title.toLowerCase();
  // Who types a whole title means that one: "start", and not "Star this run".
  if (wanted && text.replace(/\s+/g, "") === wanted) return 1000;
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    const startsWord = next === 0 || !/[a-z0-9]/.test(text[next - 1]);
    score += startsWord ? 3 : next === at + 1 ? 2 : 0;
    at = next;
  }
  return wanted ? score - text.length / 100 : 0;
}
