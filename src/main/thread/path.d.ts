/** Where a program of its own lies in the built application, as `tools/own-file.ts` finds it. */
declare module "*?path" {
  const path: string;
  export default path;
}
