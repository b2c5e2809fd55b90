/** Pictures that are cut into tiles, kept while they are wanted again and again; the oldest go first. */
const kept = new Map<string, Promise<HTMLImageElement | null>>();
const most = 64;

/** The picture, or null where it could not be read. */
export function loadPicture(src: string): Promise<HTMLImageElement | null> {
  const known = kept.get(src);
  if (known) return known;
  const loading = new Promise<HTMLImageElement | null>((resolve) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => {
      kept.delete(src);
      resolve(null);
    };
    picture.src = src;
  });
  kept.set(src, loading);
  if (kept.size > most) {
    const [oldest] = kept.keys();
    kept.delete(oldest);
  }
  return loading;
}
