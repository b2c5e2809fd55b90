/** The labels in a NumPy array: one number or text an image, or one-hot rows. */
import { errorMessage } from "../../shared/errors";
import { volume } from "../../shared/layers";
import { DataError } from "./image-set";
import { labelsOfNames, labelsOfNumbers, labelsOfOneHot } from "./labels";
import type { Labelling } from "./labels";
import { describe, readElements, readTexts } from "./npy";
import { readHeader } from "./npy-array";
import type { NpyArray } from "./npy-array";

/** Labels of `count` images. What is no labels gives the reason; rejects where the disk fails. */
export async function readNpyLabels(
  array: NpyArray,
  count: number,
): Promise<Labelling> {
  try {
    return await read(array, count);
  } catch (error) {
    if (error instanceof DataError)
      return errorMessage(error)
        .replace(`${array.name} `, "")
        .replace(/\.$/, "");
    throw error;
  }
}

async function read(array: NpyArray, count: number): Promise<Labelling> {
  const header = await readHeader(array);
  const { shape, type, dataAt, fortranOrder } = header;
  if (type.kind === "other") return `holds ${type.text}`;
  const columns = volume(shape) / count;
  if (shape[0] !== count && volume(shape) !== count)
    return `has the shape ${describe(shape)} for ${count} images`;
  const bytes = await array.bytes.read(dataAt, array.bytes.size - dataAt);
  if (type.kind === "text")
    return columns === 1
      ? labelsOfNames(readTexts(bytes, type).map((name) => name || "(none)"))
      : `has ${columns} texts an image`;
  const values = readElements(bytes, type);
  if (columns === 1) return labelsOfNumbers(values);
  return labelsOfOneHot(count, columns, (row, column) =>
    fortranOrder
      ? values[column * count + row]
      : values[row * columns + column],
  );
}
