/** Imported first by whatever Node starts: says in one sentence where Node is too old to read the rest. */
const oldest = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `GAN Workbench needs Node.js ${oldest.join(".")} or newer, best 22.12 or newer; this is ${process.version}. Get one from https://nodejs.org.`,
  );
  process.exit(2);
}
