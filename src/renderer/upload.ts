/** Hands files of the browser to the application, which reads files by path only. */
import type { PlacedFile } from "./dropped";
import { uniqueId } from "./unique-id";

const atOnce = 4;

/** The path under which the application finds a file. Rejects with one sentence. */
export function uploadFile(file: File): Promise<string> {
  return uploadAll([{ path: file.name, file }]);
}

/** The path of the folder that the files came from. Rejects with one sentence. */
export function uploadFolder(files: readonly File[]): Promise<string> {
  return uploadAll(
    files.map((file) => ({
      path: file.webkitRelativePath || file.name,
      file,
    })),
  );
}

/** The path of what the files' own paths begin with. Rejects with one sentence. */
export async function uploadAll(
  files: readonly PlacedFile[],
  onProgress: (done: number) => void = () => undefined,
): Promise<string> {
  const upload = uniqueId();
  const waiting = [...files];
  let done = 0;
  let path = "";
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      path = await send(upload, next);
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return path;
}

async function send(
  upload: string,
  { path, file }: PlacedFile,
): Promise<string> {
  const place = path.split("/").map(encodeURIComponent).join("/");
  const response = await fetch(`/files/uploads/${upload}/${place}`, {
    method: "POST",
    body: file,
  });
  if (!response.ok)
    throw new Error(
      `${file.name} could not be uploaded: ${await response.text()}`,
    );
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("path" in answer))
    throw new Error(`${file.name} could not be uploaded.`);
  return String(answer.path);
}
