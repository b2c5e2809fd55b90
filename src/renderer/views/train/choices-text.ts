/** Several choices as the text of a list, and back: `"hinge", "least-squares"`. */
type Choice = string | number | boolean;

export function textOf(values: readonly Choice[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}

/** Only texts of `textOf` come here. */
export function valuesIn(text: string): Choice[] {
  return JSON.parse(`[${text}]`) as Choice[];
}
