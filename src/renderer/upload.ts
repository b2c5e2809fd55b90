/** Hands files of the browser to the application, which reads files by path only. */

import { uniqueId } from "./unique-id";

/** The path under which the application finds it. Rejects with one sentence. */
export function uploadFile(file: File): Promise<string> {
  return send(uniqueId(), file.name, file);
}

/** The path of the folder that the files came from. Rejects with one sentence. */
export async function uploadFolder(files: readonly File[]): Promise<string> {
  const upload = uniqueId();
  const waiting = [...files];
  let path = "";
  const work = async () => {
    for (let file = waiting.pop(); file; file = waiting.pop())
      path = await send(upload, file.webkitRelativePath || file.name, file);
  };
  await Promise.all([work(), work(), work(), work()]);
  return path;
}

async function send(upload: string, name: string, file: File): Promise<string> {
  const place = name.split("/").map(encodeURIComponent).join("/");
  const response = await fetch(`/files/uploads/${upload}/${place}`, {
    method: "POST",
    body: file,
  });
  if (!response.ok)
    throw new Error(
      `${file.name} could not be handed over: ${await response.text()}`,
    );
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("path" in answer))
    throw new Error(`${file.name} could not be handed over.`);
  return String(answer.path);
}
