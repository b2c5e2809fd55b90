/** The bounds of a number, read from the schema that checks it, so that a form offers what will be taken. */
import { z } from "zod";

/** The least and the greatest number that a field offers; absent where there is no such bound. */
export interface Bounds {
  min?: number;
  max?: number;
}

/** Of a number's schema, also where it has a default or may be null; no bounds for other schemas. */
export function boundsOf(schema: unknown): Bounds {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return boundsOf(schema.unwrap());
  if (!(schema instanceof z.ZodNumber)) return {};
  const { minValue: min, maxValue: max } = schema;
  const isOpen = min !== null && !schema.safeParse(min).success;
  return {
    ...(hasBound(min) && { min: isOpen && isWhole(schema) ? min + 1 : min }),
    ...(hasBound(max) && { max }),
  };
}

export function isWithin(
  value: number,
  { min = -Infinity, max = Infinity }: Bounds,
): boolean {
  return value >= min && value <= max;
}

/** Whether a number's schema takes whole numbers only. */
export function isWhole(schema: z.ZodNumber): boolean {
  return schema.format === "safeint";
}

/** The schema of the value at a path of an object's; null where there is none. */
export function schemaAt(schema: unknown, path: readonly string[]): unknown {
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return schemaAt(schema.unwrap(), path);
  if (path.length === 0) return schema;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return schemaAt(schema.unwrap(), path);
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject)
    return key in schema.shape ? schemaAt(schema.shape[key], rest) : null;
  if (schema instanceof z.ZodDiscriminatedUnion)
    for (const option of schema.options) {
      const found = schemaAt(option, path);
      if (found) return found;
    }
  return null;
}

/** A whole number without bounds of its own ends where counting does. */
function hasBound(bound: number | null): bound is number {
  return (
    bound !== null &&
    Number.isFinite(bound) &&
    Math.abs(bound) < Number.MAX_SAFE_INTEGER
  );
}
